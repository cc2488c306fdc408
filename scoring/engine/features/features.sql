-- grain gst_outward
SELECT
  "t1"."business",
  (
    CAST(COALESCE(
      SUM(
        CAST(ROUND(
          CAST(GREATEST(LEAST("t1"."net_paise", 100000000000000), -100000000000000) AS DOUBLE) * (
            POWER(CAST('2.0' AS DOUBLE), (
              -(
                "t1"."age_days"
              ) / CAST('7.0' AS DOUBLE)
            ))
          ) * CAST('65536.0' AS DOUBLE),
          0
        ) AS BIGINT)
      ),
      0
    ) AS DOUBLE) / CAST('65536.0' AS DOUBLE)
  ) * CAST('0.006931471805599453' AS DOUBLE) AS "gst_7d_value",
  (
    CAST(COALESCE(
      SUM(
        CAST(ROUND(
          CAST(GREATEST(LEAST("t1"."net_paise", 100000000000000), -100000000000000) AS DOUBLE) * (
            POWER(CAST('2.0' AS DOUBLE), (
              -(
                "t1"."age_days"
              ) / CAST('30.0' AS DOUBLE)
            ))
          ) * CAST('65536.0' AS DOUBLE),
          0
        ) AS BIGINT)
      ),
      0
    ) AS DOUBLE) / CAST('65536.0' AS DOUBLE)
  ) * CAST('0.006931471805599453' AS DOUBLE) AS "gst_30d_value",
  (
    CAST(COALESCE(
      SUM(
        CAST(ROUND(
          CAST(GREATEST(LEAST("t1"."net_paise", 100000000000000), -100000000000000) AS DOUBLE) * (
            POWER(CAST('2.0' AS DOUBLE), (
              -(
                "t1"."age_days"
              ) / CAST('90.0' AS DOUBLE)
            ))
          ) * CAST('65536.0' AS DOUBLE),
          0
        ) AS BIGINT)
      ),
      0
    ) AS DOUBLE) / CAST('65536.0' AS DOUBLE)
  ) * CAST('0.006931471805599453' AS DOUBLE) AS "gst_90d_value",
  CAST(COUNT(
    DISTINCT CASE
      WHEN (
        "t1"."age_days" < CAST('30.0' AS DOUBLE)
      ) AND NOT (
        "t1"."credit"
      )
      THEN "t1"."counterparty_gstin"
      ELSE NULL
    END
  ) + SUM(
    CAST((
      "t1"."age_days" < CAST('30.0' AS DOUBLE)
    )
    AND NOT (
      "t1"."credit"
    )
    AND (
      "t1"."counterparty_gstin" IS NULL
    ) AS BIGINT)
  ) AS DOUBLE) AS "gst_30d_unique_buyers",
  CAST(COUNT(
    DISTINCT (
      (
        CAST(EXTRACT(year FROM EPOCH_MS(CAST(FLOOR((
          "t1"."occurred_at" + 19800000000
        ) / (
          1000
        )) AS BIGINT))) AS BIGINT) * 12
      ) + CAST(EXTRACT(month FROM EPOCH_MS(CAST(FLOOR((
        "t1"."occurred_at" + 19800000000
      ) / (
        1000
      )) AS BIGINT))) AS BIGINT)
    ) - 1
  ) AS DOUBLE) AS "months_active_gst",
  CAST(CAST(COUNT(
    DISTINCT (
      (
        CAST(EXTRACT(year FROM EPOCH_MS(CAST(FLOOR((
          "t1"."occurred_at" + 19800000000
        ) / (
          1000
        )) AS BIGINT))) AS BIGINT) * 12
      ) + CAST(EXTRACT(month FROM EPOCH_MS(CAST(FLOOR((
        "t1"."occurred_at" + 19800000000
      ) / (
        1000
      )) AS BIGINT))) AS BIGINT)
    ) - 1
  ) >= 3 AS BIGINT) AS DOUBLE) AS "data_maturity_flag",
  CASE
    WHEN BOOL_OR(CAST("t1"."age_days" < CAST('90.0' AS DOUBLE) AS BOOLEAN))
    THEN GREATEST(
      LEAST(
        LN(
          (
            (
              CAST('3.0' AS DOUBLE) * GREATEST(
                CAST(COALESCE(SUM("t1"."net_paise") FILTER(WHERE
                  "t1"."age_days" < CAST('30.0' AS DOUBLE)), 0) AS DOUBLE) / CAST('100.0' AS DOUBLE),
                CAST('0.0' AS DOUBLE)
              )
            ) + CAST('1.0' AS DOUBLE)
          ) / (
            GREATEST(
              CAST(COALESCE(SUM("t1"."net_paise") FILTER(WHERE
                "t1"."age_days" < CAST('90.0' AS DOUBLE)), 0) AS DOUBLE) / CAST('100.0' AS DOUBLE),
              CAST('0.0' AS DOUBLE)
            ) + CAST('1.0' AS DOUBLE)
          )
        ),
        CAST('5.0' AS DOUBLE)
      ),
      CAST('-5.0' AS DOUBLE)
    )
    ELSE NULL
  END AS "turnover_jump_30d",
  CASE
    WHEN BOOL_OR(
      CAST((
        "t1"."age_days" < CAST('455.0' AS DOUBLE)
      )
      AND NOT (
        "t1"."age_days" < CAST('365.0' AS DOUBLE)
      ) AS BOOLEAN)
    )
    THEN GREATEST(
      LEAST(
        LN(
          (
            GREATEST(
              CAST(COALESCE(SUM("t1"."net_paise") FILTER(WHERE
                "t1"."age_days" < CAST('90.0' AS DOUBLE)), 0) AS DOUBLE) / CAST('100.0' AS DOUBLE),
              CAST('0.0' AS DOUBLE)
            ) + CAST('1.0' AS DOUBLE)
          ) / (
            GREATEST(
              CAST(COALESCE(
                SUM("t1"."net_paise") FILTER(WHERE
                  (
                    "t1"."age_days" < CAST('455.0' AS DOUBLE)
                  )
                  AND NOT (
                    "t1"."age_days" < CAST('365.0' AS DOUBLE)
                  )),
                0
              ) AS DOUBLE) / CAST('100.0' AS DOUBLE),
              CAST('0.0' AS DOUBLE)
            ) + CAST('1.0' AS DOUBLE)
          )
        ),
        CAST('5.0' AS DOUBLE)
      ),
      CAST('-5.0' AS DOUBLE)
    )
    ELSE NULL
  END AS "seasonality_adjusted_growth"
FROM (
  SELECT
    "t0"."business",
    "t0"."direction",
    "t0"."counterparty_gstin",
    "t0"."invoice_number",
    "t0"."kind",
    "t0"."cancelled",
    "t0"."hsn",
    "t0"."taxable_paise",
    "t0"."igst_paise",
    "t0"."cgst_paise",
    "t0"."sgst_paise",
    "t0"."occurred_at",
    "t0"."received_at",
    "t0"."as_of",
    CAST("t0"."as_of" - "t0"."occurred_at" AS DOUBLE) / CAST('86400000000.0' AS DOUBLE) AS "age_days",
    "t0"."kind" = 'CDNR' AS "credit",
    CASE
      WHEN "t0"."kind" = 'CDNR'
      THEN -(
        "t0"."taxable_paise"
      )
      ELSE "t0"."taxable_paise"
    END AS "net_paise",
    "t0"."taxable_paise" + "t0"."igst_paise" + "t0"."cgst_paise" + "t0"."sgst_paise" AS "gross_paise",
    SUBSTRING(
      "t0"."hsn",
      CASE WHEN (
        0 + 1
      ) >= 1 THEN 0 + 1 ELSE 0 + 1 + LENGTH("t0"."hsn") END,
      2
    ) AS "chapter"
  FROM "gst_invoices" AS "t0"
  WHERE
    "t0"."occurred_at" <= "t0"."as_of"
    AND "t0"."received_at" <= "t0"."as_of"
    AND "t0"."direction" = 'out'
    AND NOT (
      "t0"."cancelled"
    )
) AS "t1"
GROUP BY
  1
-- grain gst_weeks
SELECT
  "t2"."business",
  CASE
    WHEN (
      COUNT(*) >= 6
    ) AND (
      SUM("t2"."paise") > 0
    )
    THEN SQRT(
      CAST((
        CAST(CAST(CAST('13.0' AS DOUBLE) AS BIGINT) AS DECIMAL(7, 0)) * CAST(SUM(CAST("t2"."paise" AS DECIMAL(19, 0)) * CAST("t2"."paise" AS DECIMAL(19, 0))) AS DECIMAL(31, 0))
      ) - (
        CAST(SUM("t2"."paise") AS DECIMAL(19, 0)) * CAST(SUM("t2"."paise") AS DECIMAL(19, 0))
      ) AS DOUBLE) / NULLIF(
        CAST(CAST(CAST('13.0' AS DOUBLE) AS BIGINT) * (
          CAST(CAST('13.0' AS DOUBLE) AS BIGINT) - 1
        ) AS DOUBLE),
        CAST('0.0' AS DOUBLE)
      )
    ) / (
      CAST(SUM("t2"."paise") AS DOUBLE) / CAST('13.0' AS DOUBLE)
    )
    ELSE NULL
  END AS "gst_revenue_cv_90d"
FROM (
  SELECT
    "t1"."business",
    CAST(FLOOR("t1"."age_days" / CAST('7.0' AS DOUBLE)) AS BIGINT) AS "week",
    SUM("t1"."net_paise") AS "paise"
  FROM (
    SELECT
      "t0"."business",
      "t0"."direction",
      "t0"."counterparty_gstin",
      "t0"."invoice_number",
      "t0"."kind",
      "t0"."cancelled",
      "t0"."hsn",
      "t0"."taxable_paise",
      "t0"."igst_paise",
      "t0"."cgst_paise",
      "t0"."sgst_paise",
      "t0"."occurred_at",
      "t0"."received_at",
      "t0"."as_of",
      CAST("t0"."as_of" - "t0"."occurred_at" AS DOUBLE) / CAST('86400000000.0' AS DOUBLE) AS "age_days",
      "t0"."kind" = 'CDNR' AS "credit",
      CASE
        WHEN "t0"."kind" = 'CDNR'
        THEN -(
          "t0"."taxable_paise"
        )
        ELSE "t0"."taxable_paise"
      END AS "net_paise",
      "t0"."taxable_paise" + "t0"."igst_paise" + "t0"."cgst_paise" + "t0"."sgst_paise" AS "gross_paise",
      SUBSTRING(
        "t0"."hsn",
        CASE WHEN (
          0 + 1
        ) >= 1 THEN 0 + 1 ELSE 0 + 1 + LENGTH("t0"."hsn") END,
        2
      ) AS "chapter"
    FROM "gst_invoices" AS "t0"
    WHERE
      "t0"."occurred_at" <= "t0"."as_of"
      AND "t0"."received_at" <= "t0"."as_of"
      AND "t0"."direction" = 'out'
      AND NOT (
        "t0"."cancelled"
      )
      AND (
        CAST("t0"."as_of" - "t0"."occurred_at" AS DOUBLE) / CAST('86400000000.0' AS DOUBLE)
      ) < CAST('91.0' AS DOUBLE)
  ) AS "t1"
  GROUP BY
    1,
    2
) AS "t2"
GROUP BY
  1
-- grain gst_chapters
SELECT
  "t4"."business",
  CAST(COALESCE(
    SUM(
      CAST(ROUND(
        -(
          "t4"."share"
        ) * LOG(2, "t4"."share") * CAST('1125899906842624.0' AS DOUBLE),
        0
      ) AS BIGINT)
    ),
    0
  ) AS DOUBLE) / CAST('1125899906842624.0' AS DOUBLE) AS "hsn_entropy_90d"
FROM (
  SELECT
    "t3"."business",
    "t3"."chapter",
    "t3"."paise",
    CAST("t3"."paise" AS DOUBLE) / NULLIF(
      CAST(SUM("t3"."paise") OVER (
        PARTITION BY "t3"."business"
        ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
      ) AS DOUBLE),
      CAST('0.0' AS DOUBLE)
    ) AS "share"
  FROM (
    SELECT
      *
    FROM (
      SELECT
        "t1"."business",
        "t1"."chapter",
        SUM("t1"."net_paise") AS "paise"
      FROM (
        SELECT
          "t0"."business",
          "t0"."direction",
          "t0"."counterparty_gstin",
          "t0"."invoice_number",
          "t0"."kind",
          "t0"."cancelled",
          "t0"."hsn",
          "t0"."taxable_paise",
          "t0"."igst_paise",
          "t0"."cgst_paise",
          "t0"."sgst_paise",
          "t0"."occurred_at",
          "t0"."received_at",
          "t0"."as_of",
          CAST("t0"."as_of" - "t0"."occurred_at" AS DOUBLE) / CAST('86400000000.0' AS DOUBLE) AS "age_days",
          "t0"."kind" = 'CDNR' AS "credit",
          CASE
            WHEN "t0"."kind" = 'CDNR'
            THEN -(
              "t0"."taxable_paise"
            )
            ELSE "t0"."taxable_paise"
          END AS "net_paise",
          "t0"."taxable_paise" + "t0"."igst_paise" + "t0"."cgst_paise" + "t0"."sgst_paise" AS "gross_paise",
          SUBSTRING(
            "t0"."hsn",
            CASE WHEN (
              0 + 1
            ) >= 1 THEN 0 + 1 ELSE 0 + 1 + LENGTH("t0"."hsn") END,
            2
          ) AS "chapter"
        FROM "gst_invoices" AS "t0"
        WHERE
          "t0"."occurred_at" <= "t0"."as_of"
          AND "t0"."received_at" <= "t0"."as_of"
          AND "t0"."direction" = 'out'
          AND NOT (
            "t0"."cancelled"
          )
          AND (
            CAST("t0"."as_of" - "t0"."occurred_at" AS DOUBLE) / CAST('86400000000.0' AS DOUBLE)
          ) < CAST('90.0' AS DOUBLE)
      ) AS "t1"
      GROUP BY
        1,
        2
    ) AS "t2"
    WHERE
      "t2"."paise" > 0
  ) AS "t3"
) AS "t4"
GROUP BY
  1
-- grain gst_leaders
SELECT
  "t5"."business",
  CAST(CASE WHEN COUNT(*) >= 2 THEN SUM("t5"."moved") ELSE NULL END AS DOUBLE) AS "hsn_shift_count_90d"
FROM (
  SELECT
    "t4"."business",
    "t4"."month",
    "t4"."leader",
    CAST("t4"."leader" <> LAG("t4"."leader", 1) OVER (
      PARTITION BY "t4"."business"
      ORDER BY "t4"."month" ASC
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    ) AS BIGINT) AS "moved"
  FROM (
    SELECT
      "t3"."business",
      "t3"."month",
      (
        MAX({'paise': "t3"."paise", 'chapter': "t3"."chapter"})
      )."chapter" AS "leader"
    FROM (
      SELECT
        *
      FROM (
        SELECT
          "t1"."business",
          "t1"."month",
          "t1"."chapter",
          SUM("t1"."net_paise") AS "paise"
        FROM (
          SELECT
            "t0"."business",
            "t0"."direction",
            "t0"."counterparty_gstin",
            "t0"."invoice_number",
            "t0"."kind",
            "t0"."cancelled",
            "t0"."hsn",
            "t0"."taxable_paise",
            "t0"."igst_paise",
            "t0"."cgst_paise",
            "t0"."sgst_paise",
            "t0"."occurred_at",
            "t0"."received_at",
            "t0"."as_of",
            CAST("t0"."as_of" - "t0"."occurred_at" AS DOUBLE) / CAST('86400000000.0' AS DOUBLE) AS "age_days",
            "t0"."kind" = 'CDNR' AS "credit",
            CASE
              WHEN "t0"."kind" = 'CDNR'
              THEN -(
                "t0"."taxable_paise"
              )
              ELSE "t0"."taxable_paise"
            END AS "net_paise",
            "t0"."taxable_paise" + "t0"."igst_paise" + "t0"."cgst_paise" + "t0"."sgst_paise" AS "gross_paise",
            SUBSTRING(
              "t0"."hsn",
              CASE WHEN (
                0 + 1
              ) >= 1 THEN 0 + 1 ELSE 0 + 1 + LENGTH("t0"."hsn") END,
              2
            ) AS "chapter",
            (
              (
                CAST(EXTRACT(year FROM EPOCH_MS(CAST(FLOOR((
                  "t0"."occurred_at" + 19800000000
                ) / (
                  1000
                )) AS BIGINT))) AS BIGINT) * 12
              ) + CAST(EXTRACT(month FROM EPOCH_MS(CAST(FLOOR((
                "t0"."occurred_at" + 19800000000
              ) / (
                1000
              )) AS BIGINT))) AS BIGINT)
            ) - 1 AS "month"
          FROM "gst_invoices" AS "t0"
          WHERE
            "t0"."occurred_at" <= "t0"."as_of"
            AND "t0"."received_at" <= "t0"."as_of"
            AND "t0"."direction" = 'out'
            AND NOT (
              "t0"."cancelled"
            )
            AND (
              (
                (
                  (
                    CAST(EXTRACT(year FROM EPOCH_MS(CAST(FLOOR((
                      "t0"."as_of" + 19800000000
                    ) / (
                      1000
                    )) AS BIGINT))) AS BIGINT) * 12
                  ) + CAST(EXTRACT(month FROM EPOCH_MS(CAST(FLOOR((
                    "t0"."as_of" + 19800000000
                  ) / (
                    1000
                  )) AS BIGINT))) AS BIGINT)
                ) - 1
              ) - (
                (
                  (
                    CAST(EXTRACT(year FROM EPOCH_MS(CAST(FLOOR((
                      "t0"."occurred_at" + 19800000000
                    ) / (
                      1000
                    )) AS BIGINT))) AS BIGINT) * 12
                  ) + CAST(EXTRACT(month FROM EPOCH_MS(CAST(FLOOR((
                    "t0"."occurred_at" + 19800000000
                  ) / (
                    1000
                  )) AS BIGINT))) AS BIGINT)
                ) - 1
              )
            ) < 6
        ) AS "t1"
        GROUP BY
          1,
          2,
          3
      ) AS "t2"
      WHERE
        "t2"."paise" > 0
    ) AS "t3"
    GROUP BY
      1,
      2
  ) AS "t4"
) AS "t5"
GROUP BY
  1
-- grain gst_filings
SELECT
  "t5"."business",
  (
    CAST(SUM("t5"."gap") AS DOUBLE) / NULLIF(CAST(COUNT(*) AS DOUBLE), CAST('0.0' AS DOUBLE))
  ) / CAST('86400.0' AS DOUBLE) AS "gst_mean_filing_interval_days",
  SQRT(
    CAST((
      CAST(COUNT(*) AS DECIMAL(7, 0)) * CAST(SUM(CAST("t5"."gap" AS DECIMAL(19, 0)) * CAST("t5"."gap" AS DECIMAL(19, 0))) AS DECIMAL(31, 0))
    ) - (
      CAST(SUM("t5"."gap") AS DECIMAL(19, 0)) * CAST(SUM("t5"."gap") AS DECIMAL(19, 0))
    ) AS DOUBLE) / NULLIF(CAST(COUNT(*) * (
      COUNT(*) - 1
    ) AS DOUBLE), CAST('0.0' AS DOUBLE))
  ) / CAST('86400.0' AS DOUBLE) AS "gst_std_filing_interval_days"
FROM (
  SELECT
    "t4"."business",
    "t4"."gap"
  FROM (
    SELECT
      "t3"."business",
      "t3"."second",
      "t3"."second" - LAG("t3"."second", 1) OVER (
        PARTITION BY "t3"."business"
        ORDER BY "t3"."second" ASC
        ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
      ) AS "gap"
    FROM (
      SELECT
        "t2"."business",
        CAST(FLOOR((
          "t2"."filed_at"
        ) / (
          1000000
        )) AS BIGINT) AS "second"
      FROM (
        SELECT
          "t1"."business",
          "t1"."return_type",
          "t1"."period",
          "t1"."due_at",
          "t1"."filed_at",
          "t1"."turnover_paise",
          "t1"."tax_itc_paise",
          "t1"."occurred_at",
          "t1"."received_at",
          "t1"."as_of",
          "t1"."age_days",
          CAST("t1"."filed_at" - "t1"."due_at" AS DOUBLE) / CAST('86400000000.0' AS DOUBLE) AS "delay_days",
          ROW_NUMBER() OVER (
            PARTITION BY "t1"."business"
            ORDER BY "t1"."period" DESC
            ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
          ) - 1 AS "recency"
        FROM (
          SELECT
            "t0"."business",
            "t0"."return_type",
            "t0"."period",
            "t0"."due_at",
            "t0"."filed_at",
            "t0"."turnover_paise",
            "t0"."tax_itc_paise",
            "t0"."occurred_at",
            "t0"."received_at",
            "t0"."as_of",
            CAST("t0"."as_of" - "t0"."occurred_at" AS DOUBLE) / CAST('86400000000.0' AS DOUBLE) AS "age_days"
          FROM "gst_returns" AS "t0"
          WHERE
            "t0"."occurred_at" <= "t0"."as_of"
            AND "t0"."received_at" <= "t0"."as_of"
            AND "t0"."return_type" = 'GSTR3B'
            AND "t0"."filed_at" <= "t0"."as_of"
        ) AS "t1"
      ) AS "t2"
      WHERE
        "t2"."recency" < 12
    ) AS "t3"
  ) AS "t4"
  WHERE
    "t4"."gap" IS NOT NULL
) AS "t5"
GROUP BY
  1
-- grain gst_slopes
WITH "t3" AS (
  SELECT
    "t2"."business",
    "t2"."period",
    "t2"."delay_days"
  FROM (
    SELECT
      "t1"."business",
      "t1"."return_type",
      "t1"."period",
      "t1"."due_at",
      "t1"."filed_at",
      "t1"."turnover_paise",
      "t1"."tax_itc_paise",
      "t1"."occurred_at",
      "t1"."received_at",
      "t1"."as_of",
      "t1"."age_days",
      CAST("t1"."filed_at" - "t1"."due_at" AS DOUBLE) / CAST('86400000000.0' AS DOUBLE) AS "delay_days",
      ROW_NUMBER() OVER (
        PARTITION BY "t1"."business"
        ORDER BY "t1"."period" DESC
        ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
      ) - 1 AS "recency"
    FROM (
      SELECT
        "t0"."business",
        "t0"."return_type",
        "t0"."period",
        "t0"."due_at",
        "t0"."filed_at",
        "t0"."turnover_paise",
        "t0"."tax_itc_paise",
        "t0"."occurred_at",
        "t0"."received_at",
        "t0"."as_of",
        CAST("t0"."as_of" - "t0"."occurred_at" AS DOUBLE) / CAST('86400000000.0' AS DOUBLE) AS "age_days"
      FROM "gst_returns" AS "t0"
      WHERE
        "t0"."occurred_at" <= "t0"."as_of"
        AND "t0"."received_at" <= "t0"."as_of"
        AND "t0"."return_type" = 'GSTR3B'
        AND "t0"."filed_at" <= "t0"."as_of"
    ) AS "t1"
  ) AS "t2"
  WHERE
    "t2"."recency" < 6
)
SELECT
  "t7"."business",
  QUANTILE_CONT("t7"."slope", 0.5) AS "gst_filing_delay_trend"
FROM (
  SELECT
    "t5"."business",
    (
      "t6"."delay_days" - "t5"."delay_days"
    ) / CAST("t6"."period" - "t5"."period" AS DOUBLE) AS "slope"
  FROM "t3" AS "t5"
  INNER JOIN "t3" AS "t6"
    ON "t5"."business" = "t6"."business" AND "t5"."period" < "t6"."period"
) AS "t7"
GROUP BY
  1
-- grain gst_returns_due
SELECT
  "t1"."business",
  CAST(SUM(CAST("t1"."punctual" AS BIGINT)) FILTER(WHERE
    "t1"."age_days" < CAST('365.0' AS DOUBLE)) AS DOUBLE) / NULLIF(
    CAST(SUM(CAST("t1"."age_days" < CAST('365.0' AS DOUBLE) AS BIGINT)) AS DOUBLE),
    CAST('0.0' AS DOUBLE)
  ) AS "filing_compliance_rate"
FROM (
  SELECT
    "t0"."business",
    "t0"."return_type",
    "t0"."period",
    "t0"."due_at",
    "t0"."filed_at",
    "t0"."turnover_paise",
    "t0"."tax_itc_paise",
    "t0"."occurred_at",
    "t0"."received_at",
    "t0"."as_of",
    CAST("t0"."as_of" - "t0"."occurred_at" AS DOUBLE) / CAST('86400000000.0' AS DOUBLE) AS "age_days",
    (
      (
        CAST(FLOOR((
          "t0"."due_at" + 19800000000
        ) / (
          86400000000
        )) AS BIGINT) + 1
      ) * 86400000000
    ) - 19800000000 AS "day_end",
    COALESCE("t0"."filed_at" <= "t0"."as_of", FALSE) AS "filed",
    COALESCE("t0"."filed_at" <= "t0"."as_of", FALSE)
    AND (
      "t0"."filed_at" < (
        (
          (
            CAST(FLOOR((
              "t0"."due_at" + 19800000000
            ) / (
              86400000000
            )) AS BIGINT) + 1
          ) * 86400000000
        ) - 19800000000
      )
    ) AS "punctual"
  FROM "gst_returns" AS "t0"
  WHERE
    "t0"."occurred_at" <= "t0"."as_of"
    AND "t0"."received_at" <= "t0"."as_of"
    AND (
      (
        (
          CAST(FLOOR((
            "t0"."due_at" + 19800000000
          ) / (
            86400000000
          )) AS BIGINT) + 1
        ) * 86400000000
      ) - 19800000000
    ) <= "t0"."as_of"
) AS "t1"
GROUP BY
  1
-- grain gst_buyers
SELECT
  "t2"."business",
  CASE
    WHEN BOOL_OR(CAST(NOT (
      "t2"."first_days" < CAST('30.0' AS DOUBLE)
    ) AS BOOLEAN))
    THEN CAST(SUM(CAST("t2"."first_days" < CAST('30.0' AS DOUBLE) AS BIGINT)) AS DOUBLE) / NULLIF(
      CAST(SUM(CAST("t2"."last_days" < CAST('30.0' AS DOUBLE) AS BIGINT)) AS DOUBLE),
      CAST('0.0' AS DOUBLE)
    )
    ELSE NULL
  END AS "new_counterparty_share_30d"
FROM (
  SELECT
    "t1"."business",
    "t1"."counterparty_gstin",
    MAX("t1"."age_days") AS "first_days",
    MIN("t1"."age_days") AS "last_days"
  FROM (
    SELECT
      "t0"."business",
      "t0"."direction",
      "t0"."counterparty_gstin",
      "t0"."invoice_number",
      "t0"."kind",
      "t0"."cancelled",
      "t0"."hsn",
      "t0"."taxable_paise",
      "t0"."igst_paise",
      "t0"."cgst_paise",
      "t0"."sgst_paise",
      "t0"."occurred_at",
      "t0"."received_at",
      "t0"."as_of",
      CAST("t0"."as_of" - "t0"."occurred_at" AS DOUBLE) / CAST('86400000000.0' AS DOUBLE) AS "age_days",
      "t0"."kind" = 'CDNR' AS "credit",
      CASE
        WHEN "t0"."kind" = 'CDNR'
        THEN -(
          "t0"."taxable_paise"
        )
        ELSE "t0"."taxable_paise"
      END AS "net_paise",
      "t0"."taxable_paise" + "t0"."igst_paise" + "t0"."cgst_paise" + "t0"."sgst_paise" AS "gross_paise",
      SUBSTRING(
        "t0"."hsn",
        CASE WHEN (
          0 + 1
        ) >= 1 THEN 0 + 1 ELSE 0 + 1 + LENGTH("t0"."hsn") END,
        2
      ) AS "chapter"
    FROM "gst_invoices" AS "t0"
    WHERE
      "t0"."occurred_at" <= "t0"."as_of"
      AND "t0"."received_at" <= "t0"."as_of"
      AND "t0"."direction" = 'out'
      AND NOT (
        "t0"."cancelled"
      )
      AND NOT (
        "t0"."kind" = 'CDNR'
      )
      AND "t0"."counterparty_gstin" IS NOT NULL
      AND (
        CAST("t0"."as_of" - "t0"."occurred_at" AS DOUBLE) / CAST('86400000000.0' AS DOUBLE)
      ) < CAST('210.0' AS DOUBLE)
  ) AS "t1"
  GROUP BY
    1,
    2
) AS "t2"
GROUP BY
  1
-- grain return_pairs
SELECT
  "t3"."business",
  CASE
    WHEN SUM("t3"."told") > 0
    THEN GREATEST(
      LEAST(
        CAST(SUM("t3"."told") - SUM("t3"."declared") AS DOUBLE) / NULLIF(CAST(SUM("t3"."told") AS DOUBLE), CAST('0.0' AS DOUBLE)),
        CAST('1.0' AS DOUBLE)
      ),
      CAST('-1.0' AS DOUBLE)
    )
    ELSE NULL
  END AS "gstr1_gstr3b_gap"
FROM (
  SELECT
    *
  FROM (
    SELECT
      "t1"."business",
      "t1"."period",
      SUM("t1"."turnover_paise") FILTER(WHERE
        "t1"."return_type" = 'GSTR1') AS "told",
      SUM("t1"."turnover_paise") FILTER(WHERE
        "t1"."return_type" = 'GSTR3B') AS "declared"
    FROM (
      SELECT
        "t0"."business",
        "t0"."return_type",
        "t0"."period",
        "t0"."due_at",
        "t0"."filed_at",
        "t0"."turnover_paise",
        "t0"."tax_itc_paise",
        "t0"."occurred_at",
        "t0"."received_at",
        "t0"."as_of",
        CAST("t0"."as_of" - "t0"."occurred_at" AS DOUBLE) / CAST('86400000000.0' AS DOUBLE) AS "age_days"
      FROM "gst_returns" AS "t0"
      WHERE
        "t0"."occurred_at" <= "t0"."as_of"
        AND "t0"."received_at" <= "t0"."as_of"
        AND "t0"."filed_at" <= "t0"."as_of"
        AND (
          CAST("t0"."as_of" - "t0"."occurred_at" AS DOUBLE) / CAST('86400000000.0' AS DOUBLE)
        ) < CAST('365.0' AS DOUBLE)
    ) AS "t1"
    GROUP BY
      1,
      2
  ) AS "t2"
  WHERE
    "t2"."told" IS NOT NULL AND "t2"."declared" IS NOT NULL
) AS "t3"
GROUP BY
  1
-- grain credit_claims
SELECT
  "t12"."business",
  CASE
    WHEN (
      SUM("t12"."claimed") > 0
    )
    AND BOOL_OR(CAST("t12"."documented" IS NOT NULL AS BOOLEAN))
    THEN GREATEST(
      LEAST(
        CAST(SUM("t12"."claimed") - SUM("t12"."documented") AS DOUBLE) / NULLIF(CAST(SUM("t12"."claimed") AS DOUBLE), CAST('0.0' AS DOUBLE)),
        CAST('1.0' AS DOUBLE)
      ),
      CAST('-1.0' AS DOUBLE)
    )
    ELSE NULL
  END AS "itc_mismatch_2b"
FROM (
  SELECT
    "t6"."business",
    "t6"."claimed",
    "t11"."documented"
  FROM (
    SELECT
      "t0"."business",
      "t0"."period",
      "t0"."tax_itc_paise" AS "claimed"
    FROM "gst_returns" AS "t0"
    WHERE
      "t0"."occurred_at" <= "t0"."as_of"
      AND "t0"."received_at" <= "t0"."as_of"
      AND "t0"."filed_at" <= "t0"."as_of"
      AND (
        CAST("t0"."as_of" - "t0"."occurred_at" AS DOUBLE) / CAST('86400000000.0' AS DOUBLE)
      ) < CAST('365.0' AS DOUBLE)
      AND "t0"."return_type" = 'GSTR3B'
  ) AS "t6"
  LEFT OUTER JOIN (
    SELECT
      "t9"."business",
      CASE WHEN "t9"."quarterly_filer" THEN "t9"."quarter" ELSE "t9"."month" END AS "period",
      SUM("t9"."tax") AS "documented"
    FROM (
      SELECT
        "t8"."business",
        "t8"."month",
        "t8"."quarter",
        "t8"."tax",
        "t4"."quarterly_filer"
      FROM (
        SELECT
          "t1"."business",
          (
            (
              CAST(EXTRACT(year FROM EPOCH_MS(CAST(FLOOR((
                "t1"."occurred_at" + 19800000000
              ) / (
                1000
              )) AS BIGINT))) AS BIGINT) * 12
            ) + CAST(EXTRACT(month FROM EPOCH_MS(CAST(FLOOR((
              "t1"."occurred_at" + 19800000000
            ) / (
              1000
            )) AS BIGINT))) AS BIGINT)
          ) - 1 AS "month",
          (
            (
              (
                (
                  CAST(EXTRACT(year FROM EPOCH_MS(CAST(FLOOR((
                    "t1"."occurred_at" + 19800000000
                  ) / (
                    1000
                  )) AS BIGINT))) AS BIGINT) * 12
                ) + CAST(EXTRACT(month FROM EPOCH_MS(CAST(FLOOR((
                  "t1"."occurred_at" + 19800000000
                ) / (
                  1000
                )) AS BIGINT))) AS BIGINT)
              ) - 1
            ) - (
              (
                (
                  (
                    CAST(EXTRACT(year FROM EPOCH_MS(CAST(FLOOR((
                      "t1"."occurred_at" + 19800000000
                    ) / (
                      1000
                    )) AS BIGINT))) AS BIGINT) * 12
                  ) + CAST(EXTRACT(month FROM EPOCH_MS(CAST(FLOOR((
                    "t1"."occurred_at" + 19800000000
                  ) / (
                    1000
                  )) AS BIGINT))) AS BIGINT)
                ) - 1
              ) % 3
            )
          ) + 2 AS "quarter",
          CASE
            WHEN "t1"."kind" = 'CDNR'
            THEN -(
              "t1"."igst_paise" + "t1"."cgst_paise" + "t1"."sgst_paise"
            )
            ELSE "t1"."igst_paise" + "t1"."cgst_paise" + "t1"."sgst_paise"
          END AS "tax"
        FROM "gst_invoices" AS "t1"
        WHERE
          "t1"."occurred_at" <= "t1"."as_of"
          AND "t1"."received_at" <= "t1"."as_of"
          AND "t1"."direction" = 'in'
          AND NOT (
            "t1"."cancelled"
          )
      ) AS "t8"
      INNER JOIN (
        SELECT
          "t2"."business",
          "t2"."quarterly_filer"
        FROM "businesses" AS "t2"
      ) AS "t4"
        ON "t8"."business" = "t4"."business"
    ) AS "t9"
    GROUP BY
      1,
      2
  ) AS "t11"
    ON "t6"."business" = "t11"."business" AND "t6"."period" = "t11"."period"
) AS "t12"
GROUP BY
  1
-- grain upi
SELECT
  "t1"."business",
  (
    CAST(COALESCE(
      SUM(
        CAST(ROUND(
          (
            POWER(CAST('2.0' AS DOUBLE), (
              -(
                "t1"."age_days"
              ) / CAST('7.0' AS DOUBLE)
            ))
          ) * CAST('1073741824.0' AS DOUBLE),
          0
        ) AS BIGINT)
      ) FILTER(WHERE
        "t1"."inbound"),
      0
    ) AS DOUBLE) / CAST('1073741824.0' AS DOUBLE)
  ) * CAST('0.6931471805599453' AS DOUBLE) AS "upi_7d_inbound_count",
  (
    CAST(COALESCE(
      SUM(
        CAST(ROUND(
          (
            POWER(CAST('2.0' AS DOUBLE), (
              -(
                "t1"."age_days"
              ) / CAST('30.0' AS DOUBLE)
            ))
          ) * CAST('1073741824.0' AS DOUBLE),
          0
        ) AS BIGINT)
      ) FILTER(WHERE
        "t1"."inbound"),
      0
    ) AS DOUBLE) / CAST('1073741824.0' AS DOUBLE)
  ) * CAST('0.6931471805599453' AS DOUBLE) AS "upi_30d_inbound_count",
  (
    CAST(COALESCE(
      SUM(
        CAST(ROUND(
          (
            POWER(CAST('2.0' AS DOUBLE), (
              -(
                "t1"."age_days"
              ) / CAST('90.0' AS DOUBLE)
            ))
          ) * CAST('1073741824.0' AS DOUBLE),
          0
        ) AS BIGINT)
      ) FILTER(WHERE
        "t1"."inbound"),
      0
    ) AS DOUBLE) / CAST('1073741824.0' AS DOUBLE)
  ) * CAST('0.6931471805599453' AS DOUBLE) AS "upi_90d_inbound_count",
  CAST(COUNT(
    DISTINCT CASE
      WHEN "t1"."inbound" AND (
        "t1"."age_days" < CAST('30.0' AS DOUBLE)
      )
      THEN "t1"."payer"
      ELSE NULL
    END
  ) AS DOUBLE) AS "upi_30d_unique_counterparties",
  CASE
    WHEN BOOL_OR(CAST("t1"."success" AS BOOLEAN))
    THEN GREATEST(
      LEAST(
        LN(
          (
            (
              (
                CAST(COALESCE(
                  SUM(
                    CAST(ROUND(
                      CAST(GREATEST(LEAST("t1"."amount_paise", 100000000000000), -100000000000000) AS DOUBLE) * (
                        POWER(CAST('2.0' AS DOUBLE), (
                          -(
                            "t1"."age_days"
                          ) / CAST('30.0' AS DOUBLE)
                        ))
                      ) * CAST('65536.0' AS DOUBLE),
                      0
                    ) AS BIGINT)
                  ) FILTER(WHERE
                    "t1"."inbound"),
                  0
                ) AS DOUBLE) / CAST('65536.0' AS DOUBLE)
              ) * CAST('0.006931471805599453' AS DOUBLE)
            ) + CAST('1.0' AS DOUBLE)
          ) / (
            (
              (
                CAST(COALESCE(
                  SUM(
                    CAST(ROUND(
                      CAST(GREATEST(LEAST("t1"."amount_paise", 100000000000000), -100000000000000) AS DOUBLE) * (
                        POWER(CAST('2.0' AS DOUBLE), (
                          -(
                            "t1"."age_days"
                          ) / CAST('30.0' AS DOUBLE)
                        ))
                      ) * CAST('65536.0' AS DOUBLE),
                      0
                    ) AS BIGINT)
                  ) FILTER(WHERE
                    "t1"."outbound"),
                  0
                ) AS DOUBLE) / CAST('65536.0' AS DOUBLE)
              ) * CAST('0.006931471805599453' AS DOUBLE)
            ) + CAST('1.0' AS DOUBLE)
          )
        ),
        CAST('5.0' AS DOUBLE)
      ),
      CAST('-5.0' AS DOUBLE)
    )
    ELSE NULL
  END AS "upi_inbound_outbound_ratio_30d",
  CASE
    WHEN SUM(
      CAST("t1"."inbound" AND (
        "t1"."age_days" < CAST('30.0' AS DOUBLE)
      ) AS BIGINT)
    ) >= 5
    THEN CAST(SUM(
      CAST("t1"."inbound"
      AND (
        "t1"."age_days" < CAST('30.0' AS DOUBLE)
      )
      AND (
        "t1"."kind" = 'P2M'
      ) AS BIGINT)
    ) AS DOUBLE) / NULLIF(
      CAST(SUM(
        CAST("t1"."inbound" AND (
          "t1"."age_days" < CAST('30.0' AS DOUBLE)
        ) AS BIGINT)
      ) AS DOUBLE),
      CAST('0.0' AS DOUBLE)
    )
    ELSE NULL
  END AS "upi_p2m_ratio_30d",
  CAST(SUM(
    CAST((
      "t1"."direction" = 'out'
    )
    AND (
      "t1"."status" <> 'failed_technical'
    )
    AND (
      "t1"."age_days" < CAST('30.0' AS DOUBLE)
    )
    AND (
      "t1"."status" = 'failed_funds'
    ) AS BIGINT)
  ) AS DOUBLE) / NULLIF(
    CAST(SUM(
      CAST((
        "t1"."direction" = 'out'
      )
      AND (
        "t1"."status" <> 'failed_technical'
      )
      AND (
        "t1"."age_days" < CAST('30.0' AS DOUBLE)
      ) AS BIGINT)
    ) AS DOUBLE),
    CAST('0.0' AS DOUBLE)
  ) AS "upi_outbound_failure_rate",
  CAST(COALESCE(
    SUM("t1"."amount_paise") FILTER(WHERE
      "t1"."success" AND (
        "t1"."age_days" < CAST('90.0' AS DOUBLE)
      )),
    0
  ) AS DOUBLE) / CAST('9000.0' AS DOUBLE) AS "upi_daily_avg_throughput",
  CAST('26.0' AS DOUBLE) - CAST(COUNT(
    DISTINCT CASE
      WHEN "t1"."success" AND (
        "t1"."age_days" < CAST('182.0' AS DOUBLE)
      )
      THEN CAST(FLOOR("t1"."age_days" / CAST('7.0' AS DOUBLE)) AS BIGINT)
      ELSE NULL
    END
  ) AS DOUBLE) AS "upi_dormancy_periods",
  CASE
    WHEN SUM(
      CAST("t1"."inbound"
      AND (
        "t1"."age_days" < CAST('90.0' AS DOUBLE)
      )
      AND (
        "t1"."amount_paise" >= 100000
      ) AS BIGINT)
    ) >= 5
    THEN CAST(SUM(
      CAST("t1"."inbound"
      AND (
        "t1"."age_days" < CAST('90.0' AS DOUBLE)
      )
      AND (
        "t1"."amount_paise" >= 100000
      )
      AND (
        (
          "t1"."amount_paise" % 100000
        ) = 0
      ) AS BIGINT)
    ) AS DOUBLE) / NULLIF(
      CAST(SUM(
        CAST("t1"."inbound"
        AND (
          "t1"."age_days" < CAST('90.0' AS DOUBLE)
        )
        AND (
          "t1"."amount_paise" >= 100000
        ) AS BIGINT)
      ) AS DOUBLE),
      CAST('0.0' AS DOUBLE)
    )
    ELSE NULL
  END AS "round_amount_share"
FROM (
  SELECT
    "t0"."business",
    "t0"."direction",
    "t0"."amount_paise",
    "t0"."kind",
    "t0"."status",
    "t0"."counterparty_vpa",
    "t0"."counterparty",
    "t0"."occurred_at",
    "t0"."received_at",
    "t0"."as_of",
    CAST("t0"."as_of" - "t0"."occurred_at" AS DOUBLE) / CAST('86400000000.0' AS DOUBLE) AS "age_days",
    "t0"."status" = 'success' AS "success",
    (
      "t0"."status" = 'success'
    ) AND (
      "t0"."direction" = 'in'
    ) AS "inbound",
    (
      "t0"."status" = 'success'
    ) AND (
      "t0"."direction" = 'out'
    ) AS "outbound",
    COALESCE(CAST("t0"."counterparty" AS TEXT), "t0"."counterparty_vpa") AS "payer"
  FROM "upi_payments" AS "t0"
  WHERE
    "t0"."occurred_at" <= "t0"."as_of" AND "t0"."received_at" <= "t0"."as_of"
) AS "t1"
GROUP BY
  1
-- grain upi_gaps
SELECT
  "t3"."business",
  CASE
    WHEN COUNT(*) >= 5
    THEN SQRT(
      CAST((
        CAST(COUNT(*) AS DECIMAL(7, 0)) * CAST(SUM(CAST("t3"."gap" AS DECIMAL(19, 0)) * CAST("t3"."gap" AS DECIMAL(19, 0))) AS DECIMAL(31, 0))
      ) - (
        CAST(SUM("t3"."gap") AS DECIMAL(19, 0)) * CAST(SUM("t3"."gap") AS DECIMAL(19, 0))
      ) AS DOUBLE) / NULLIF(CAST(COUNT(*) * (
        COUNT(*) - 1
      ) AS DOUBLE), CAST('0.0' AS DOUBLE))
    ) / CAST('86400.0' AS DOUBLE)
    ELSE NULL
  END AS "upi_inbound_std_interval_days"
FROM (
  SELECT
    "t2"."business",
    "t2"."gap"
  FROM (
    SELECT
      "t1"."business",
      "t1"."second",
      "t1"."second" - LAG("t1"."second", 1) OVER (
        PARTITION BY "t1"."business"
        ORDER BY "t1"."second" ASC
        ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
      ) AS "gap"
    FROM (
      SELECT
        "t0"."business",
        CAST(FLOOR((
          "t0"."occurred_at"
        ) / (
          1000000
        )) AS BIGINT) AS "second"
      FROM "upi_payments" AS "t0"
      WHERE
        "t0"."occurred_at" <= "t0"."as_of"
        AND "t0"."received_at" <= "t0"."as_of"
        AND (
          (
            "t0"."status" = 'success'
          ) AND (
            "t0"."direction" = 'in'
          )
        )
        AND (
          CAST("t0"."as_of" - "t0"."occurred_at" AS DOUBLE) / CAST('86400000000.0' AS DOUBLE)
        ) < CAST('90.0' AS DOUBLE)
    ) AS "t1"
  ) AS "t2"
  WHERE
    "t2"."gap" IS NOT NULL
) AS "t3"
GROUP BY
  1
-- grain upi_payers
SELECT
  "t2"."business",
  CAST(SUM(CAST("t2"."paise" AS DECIMAL(19, 0)) * CAST("t2"."paise" AS DECIMAL(19, 0))) AS DOUBLE) / NULLIF(
    CAST(CAST(SUM("t2"."paise") AS DECIMAL(19, 0)) * CAST(SUM("t2"."paise") AS DECIMAL(19, 0)) AS DOUBLE),
    CAST('0.0' AS DOUBLE)
  ) AS "upi_hhi_30d",
  CAST(LIST_SUM(
    LIST_SLICE(
      LIST_SORT(ARRAY_AGG("t2"."paise") FILTER(WHERE
        "t2"."paise" IS NOT NULL)),
      -3,
      LENGTH(LIST_SORT(ARRAY_AGG("t2"."paise") FILTER(WHERE
        "t2"."paise" IS NOT NULL)))
    )
  ) AS DOUBLE) / NULLIF(CAST(SUM("t2"."paise") AS DOUBLE), CAST('0.0' AS DOUBLE)) AS "upi_top3_concentration"
FROM (
  SELECT
    "t1"."business",
    "t1"."payer",
    SUM("t1"."amount_paise") AS "paise"
  FROM (
    SELECT
      "t0"."business",
      "t0"."direction",
      "t0"."amount_paise",
      "t0"."kind",
      "t0"."status",
      "t0"."counterparty_vpa",
      "t0"."counterparty",
      "t0"."occurred_at",
      "t0"."received_at",
      "t0"."as_of",
      CAST("t0"."as_of" - "t0"."occurred_at" AS DOUBLE) / CAST('86400000000.0' AS DOUBLE) AS "age_days",
      "t0"."status" = 'success' AS "success",
      (
        "t0"."status" = 'success'
      ) AND (
        "t0"."direction" = 'in'
      ) AS "inbound",
      (
        "t0"."status" = 'success'
      ) AND (
        "t0"."direction" = 'out'
      ) AS "outbound",
      COALESCE(CAST("t0"."counterparty" AS TEXT), "t0"."counterparty_vpa") AS "payer"
    FROM "upi_payments" AS "t0"
    WHERE
      "t0"."occurred_at" <= "t0"."as_of"
      AND "t0"."received_at" <= "t0"."as_of"
      AND (
        (
          "t0"."status" = 'success'
        ) AND (
          "t0"."direction" = 'in'
        )
      )
      AND (
        CAST("t0"."as_of" - "t0"."occurred_at" AS DOUBLE) / CAST('86400000000.0' AS DOUBLE)
      ) < CAST('30.0' AS DOUBLE)
  ) AS "t1"
  GROUP BY
    1,
    2
) AS "t2"
GROUP BY
  1
-- grain upi_weekdays
SELECT
  "t3"."business",
  CASE
    WHEN SUM("t3"."receipts") >= 14
    THEN GREATEST(
      CAST('1.0' AS DOUBLE) - (
        (
          CAST(COALESCE(
            SUM(
              CAST(ROUND(
                -(
                  "t3"."share"
                ) * LOG(2, "t3"."share") * CAST('1125899906842624.0' AS DOUBLE),
                0
              ) AS BIGINT)
            ),
            0
          ) AS DOUBLE) / CAST('1125899906842624.0' AS DOUBLE)
        ) / CAST('2.807354922057604' AS DOUBLE)
      ),
      CAST('0.0' AS DOUBLE)
    )
    ELSE NULL
  END AS "weekday_regularity"
FROM (
  SELECT
    "t2"."business",
    "t2"."weekday",
    "t2"."receipts",
    CAST("t2"."receipts" AS DOUBLE) / NULLIF(
      CAST(SUM("t2"."receipts") OVER (
        PARTITION BY "t2"."business"
        ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
      ) AS DOUBLE),
      CAST('0.0' AS DOUBLE)
    ) AS "share"
  FROM (
    SELECT
      "t1"."business",
      CAST(FLOOR((
        "t1"."occurred_at" + 19800000000
      ) / (
        86400000000
      )) AS BIGINT) % 7 AS "weekday",
      COUNT(*) AS "receipts"
    FROM (
      SELECT
        "t0"."business",
        "t0"."direction",
        "t0"."amount_paise",
        "t0"."kind",
        "t0"."status",
        "t0"."counterparty_vpa",
        "t0"."counterparty",
        "t0"."occurred_at",
        "t0"."received_at",
        "t0"."as_of",
        CAST("t0"."as_of" - "t0"."occurred_at" AS DOUBLE) / CAST('86400000000.0' AS DOUBLE) AS "age_days",
        "t0"."status" = 'success' AS "success",
        (
          "t0"."status" = 'success'
        ) AND (
          "t0"."direction" = 'in'
        ) AS "inbound",
        (
          "t0"."status" = 'success'
        ) AND (
          "t0"."direction" = 'out'
        ) AS "outbound",
        COALESCE(CAST("t0"."counterparty" AS TEXT), "t0"."counterparty_vpa") AS "payer"
      FROM "upi_payments" AS "t0"
      WHERE
        "t0"."occurred_at" <= "t0"."as_of"
        AND "t0"."received_at" <= "t0"."as_of"
        AND (
          (
            "t0"."status" = 'success'
          ) AND (
            "t0"."direction" = 'in'
          )
        )
        AND (
          CAST("t0"."as_of" - "t0"."occurred_at" AS DOUBLE) / CAST('86400000000.0' AS DOUBLE)
        ) < CAST('84.0' AS DOUBLE)
    ) AS "t1"
    GROUP BY
      1,
      2
  ) AS "t2"
) AS "t3"
GROUP BY
  1
-- grain eway_out
SELECT
  "t1"."business",
  (
    CAST(COALESCE(
      SUM(
        CAST(ROUND(
          CAST(GREATEST(LEAST("t1"."value_paise", 100000000000000), -100000000000000) AS DOUBLE) * (
            POWER(CAST('2.0' AS DOUBLE), (
              -(
                "t1"."age_days"
              ) / CAST('7.0' AS DOUBLE)
            ))
          ) * CAST('65536.0' AS DOUBLE),
          0
        ) AS BIGINT)
      ),
      0
    ) AS DOUBLE) / CAST('65536.0' AS DOUBLE)
  ) * CAST('0.006931471805599453' AS DOUBLE) AS "ewb_7d_value",
  (
    CAST(COALESCE(
      SUM(
        CAST(ROUND(
          CAST(GREATEST(LEAST("t1"."value_paise", 100000000000000), -100000000000000) AS DOUBLE) * (
            POWER(CAST('2.0' AS DOUBLE), (
              -(
                "t1"."age_days"
              ) / CAST('30.0' AS DOUBLE)
            ))
          ) * CAST('65536.0' AS DOUBLE),
          0
        ) AS BIGINT)
      ),
      0
    ) AS DOUBLE) / CAST('65536.0' AS DOUBLE)
  ) * CAST('0.006931471805599453' AS DOUBLE) AS "ewb_30d_value",
  (
    CAST(COALESCE(
      SUM(
        CAST(ROUND(
          CAST(GREATEST(LEAST("t1"."value_paise", 100000000000000), -100000000000000) AS DOUBLE) * (
            POWER(CAST('2.0' AS DOUBLE), (
              -(
                "t1"."age_days"
              ) / CAST('90.0' AS DOUBLE)
            ))
          ) * CAST('65536.0' AS DOUBLE),
          0
        ) AS BIGINT)
      ),
      0
    ) AS DOUBLE) / CAST('65536.0' AS DOUBLE)
  ) * CAST('0.006931471805599453' AS DOUBLE) AS "ewb_90d_value",
  CASE
    WHEN BOOL_OR(CAST("t1"."age_days" < CAST('60.0' AS DOUBLE) AS BOOLEAN))
    THEN GREATEST(
      LEAST(
        LN(
          (
            (
              CAST(COALESCE(
                SUM("t1"."value_paise") FILTER(WHERE
                  "t1"."age_days" < CAST('30.0' AS DOUBLE)),
                0
              ) AS DOUBLE) / CAST('100.0' AS DOUBLE)
            ) + CAST('1.0' AS DOUBLE)
          ) / (
            (
              (
                CAST(COALESCE(
                  SUM("t1"."value_paise") FILTER(WHERE
                    "t1"."age_days" < CAST('60.0' AS DOUBLE)),
                  0
                ) AS DOUBLE) / CAST('100.0' AS DOUBLE)
              ) - (
                CAST(COALESCE(
                  SUM("t1"."value_paise") FILTER(WHERE
                    "t1"."age_days" < CAST('30.0' AS DOUBLE)),
                  0
                ) AS DOUBLE) / CAST('100.0' AS DOUBLE)
              )
            ) + CAST('1.0' AS DOUBLE)
          )
        ),
        CAST('5.0' AS DOUBLE)
      ),
      CAST('-5.0' AS DOUBLE)
    )
    ELSE NULL
  END AS "ewb_volume_growth_mom",
  QUANTILE_CONT(
    (
      CAST("t1"."distance_km" AS DOUBLE) * CAST('10000000.0' AS DOUBLE)
    ) / CAST("t1"."value_paise" AS DOUBLE),
    0.5
  ) FILTER(WHERE
    (
      "t1"."age_days" < CAST('180.0' AS DOUBLE)
    ) AND (
      "t1"."value_paise" > 0
    )) AS "ewb_distance_per_value_ratio",
  CAST(SUM(
    CAST((
      "t1"."age_days" < CAST('180.0' AS DOUBLE)
    )
    AND (
      (
        "t1"."from_state" BETWEEN 1 AND 51
        AND CONTAINS(
          'b18|b19|c17|d14|d15|d16|e14|e16|f24|f26|g12|g13|h11|i30|i31|i32|i33|i34|j20|j21|j22|j23|j24|j25|j26|j27|j28|k80|k81|k82|k84|k85|l73|m79|n79|o79|p79|q79|r79|s78|t70|t71|t72|t73|t74|u81|u82|u83|v75|v76|v77|w49|x45|x46|x47|x48|y36|y37|y38|y39|z36|z39|A36|A39|B40|B41|B42|B43|B44|D56|D57|D58|D59|E40|F68|G67|G68|G69|H60|H61|H62|H63|H64|I53|I60|I67|J74|K50|L50|L51|L52|L53|M18|M19|',
          SUBSTRING(
            ' bcdefghijklmnopqrstuvwxyzAB DEFGHIJKLM             ',
            CASE
              WHEN (
                "t1"."from_state" + 1
              ) >= 1
              THEN "t1"."from_state" + 1
              ELSE "t1"."from_state" + 1 + LENGTH(' bcdefghijklmnopqrstuvwxyzAB DEFGHIJKLM             ')
            END,
            1
          )
        )
        AND NOT (
          CONTAINS(
            'b18|b19|c17|d14|d15|d16|e14|e16|f24|f26|g12|g13|h11|i30|i31|i32|i33|i34|j20|j21|j22|j23|j24|j25|j26|j27|j28|k80|k81|k82|k84|k85|l73|m79|n79|o79|p79|q79|r79|s78|t70|t71|t72|t73|t74|u81|u82|u83|v75|v76|v77|w49|x45|x46|x47|x48|y36|y37|y38|y39|z36|z39|A36|A39|B40|B41|B42|B43|B44|D56|D57|D58|D59|E40|F68|G67|G68|G69|H60|H61|H62|H63|H64|I53|I60|I67|J74|K50|L50|L51|L52|L53|M18|M19|',
            SUBSTRING(
              ' bcdefghijklmnopqrstuvwxyzAB DEFGHIJKLM             ',
              CASE
                WHEN (
                  "t1"."from_state" + 1
                ) >= 1
                THEN "t1"."from_state" + 1
                ELSE "t1"."from_state" + 1 + LENGTH(' bcdefghijklmnopqrstuvwxyzAB DEFGHIJKLM             ')
              END,
              1
            ) || SUBSTRING(
              "t1"."from_pincode",
              CASE WHEN (
                0 + 1
              ) >= 1 THEN 0 + 1 ELSE 0 + 1 + LENGTH("t1"."from_pincode") END,
              2
            ) || '|'
          )
        )
      )
      OR (
        "t1"."to_state" BETWEEN 1 AND 51
        AND CONTAINS(
          'b18|b19|c17|d14|d15|d16|e14|e16|f24|f26|g12|g13|h11|i30|i31|i32|i33|i34|j20|j21|j22|j23|j24|j25|j26|j27|j28|k80|k81|k82|k84|k85|l73|m79|n79|o79|p79|q79|r79|s78|t70|t71|t72|t73|t74|u81|u82|u83|v75|v76|v77|w49|x45|x46|x47|x48|y36|y37|y38|y39|z36|z39|A36|A39|B40|B41|B42|B43|B44|D56|D57|D58|D59|E40|F68|G67|G68|G69|H60|H61|H62|H63|H64|I53|I60|I67|J74|K50|L50|L51|L52|L53|M18|M19|',
          SUBSTRING(
            ' bcdefghijklmnopqrstuvwxyzAB DEFGHIJKLM             ',
            CASE
              WHEN (
                "t1"."to_state" + 1
              ) >= 1
              THEN "t1"."to_state" + 1
              ELSE "t1"."to_state" + 1 + LENGTH(' bcdefghijklmnopqrstuvwxyzAB DEFGHIJKLM             ')
            END,
            1
          )
        )
        AND NOT (
          CONTAINS(
            'b18|b19|c17|d14|d15|d16|e14|e16|f24|f26|g12|g13|h11|i30|i31|i32|i33|i34|j20|j21|j22|j23|j24|j25|j26|j27|j28|k80|k81|k82|k84|k85|l73|m79|n79|o79|p79|q79|r79|s78|t70|t71|t72|t73|t74|u81|u82|u83|v75|v76|v77|w49|x45|x46|x47|x48|y36|y37|y38|y39|z36|z39|A36|A39|B40|B41|B42|B43|B44|D56|D57|D58|D59|E40|F68|G67|G68|G69|H60|H61|H62|H63|H64|I53|I60|I67|J74|K50|L50|L51|L52|L53|M18|M19|',
            SUBSTRING(
              ' bcdefghijklmnopqrstuvwxyzAB DEFGHIJKLM             ',
              CASE
                WHEN (
                  "t1"."to_state" + 1
                ) >= 1
                THEN "t1"."to_state" + 1
                ELSE "t1"."to_state" + 1 + LENGTH(' bcdefghijklmnopqrstuvwxyzAB DEFGHIJKLM             ')
              END,
              1
            ) || SUBSTRING(
              "t1"."to_pincode",
              CASE WHEN (
                0 + 1
              ) >= 1 THEN 0 + 1 ELSE 0 + 1 + LENGTH("t1"."to_pincode") END,
              2
            ) || '|'
          )
        )
      )
    ) AS BIGINT)
  ) AS DOUBLE) / NULLIF(
    CAST(SUM(CAST("t1"."age_days" < CAST('180.0' AS DOUBLE) AS BIGINT)) AS DOUBLE),
    CAST('0.0' AS DOUBLE)
  ) AS "pin_code_implausible_share"
FROM (
  SELECT
    "t0"."business",
    "t0"."direction",
    "t0"."document_number",
    "t0"."value_paise",
    "t0"."distance_km",
    "t0"."counterparty_gstin",
    "t0"."from_pincode",
    "t0"."to_pincode",
    "t0"."from_state",
    "t0"."to_state",
    "t0"."occurred_at",
    "t0"."received_at",
    "t0"."as_of",
    CAST("t0"."as_of" - "t0"."occurred_at" AS DOUBLE) / CAST('86400000000.0' AS DOUBLE) AS "age_days"
  FROM "eway_bills" AS "t0"
  WHERE
    "t0"."occurred_at" <= "t0"."as_of"
    AND "t0"."received_at" <= "t0"."as_of"
    AND "t0"."direction" = 'out'
) AS "t1"
GROUP BY
  1
-- grain eway_gaps
SELECT
  "t3"."business",
  CASE
    WHEN COUNT(*) >= 3
    THEN QUANTILE_CONT("t3"."gap", 0.5) / CAST('86400.0' AS DOUBLE)
    ELSE NULL
  END AS "ewb_median_interval_days"
FROM (
  SELECT
    "t2"."business",
    "t2"."gap"
  FROM (
    SELECT
      "t1"."business",
      "t1"."second",
      "t1"."second" - LAG("t1"."second", 1) OVER (
        PARTITION BY "t1"."business"
        ORDER BY "t1"."second" ASC
        ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
      ) AS "gap"
    FROM (
      SELECT
        "t0"."business",
        CAST(FLOOR((
          "t0"."occurred_at"
        ) / (
          1000000
        )) AS BIGINT) AS "second"
      FROM "eway_bills" AS "t0"
      WHERE
        "t0"."occurred_at" <= "t0"."as_of"
        AND "t0"."received_at" <= "t0"."as_of"
        AND "t0"."direction" = 'out'
        AND (
          CAST("t0"."as_of" - "t0"."occurred_at" AS DOUBLE) / CAST('86400000000.0' AS DOUBLE)
        ) < CAST('180.0' AS DOUBLE)
    ) AS "t1"
  ) AS "t2"
  WHERE
    "t2"."gap" IS NOT NULL
) AS "t3"
GROUP BY
  1
-- grain eway_invoices
SELECT
  "t7"."business",
  QUANTILE_CONT("t7"."lag_hours", 0.5) AS "invoice_to_ewb_lag_hours_median"
FROM (
  SELECT
    *
  FROM (
    SELECT
      "t5"."business",
      CAST("t5"."billed_at" - "t3"."invoiced_at" AS DOUBLE) / CAST('3600000000.0' AS DOUBLE) AS "lag_hours"
    FROM (
      SELECT
        "t0"."business",
        "t0"."document_number",
        "t0"."occurred_at" AS "billed_at"
      FROM "eway_bills" AS "t0"
      WHERE
        "t0"."occurred_at" <= "t0"."as_of"
        AND "t0"."received_at" <= "t0"."as_of"
        AND "t0"."direction" = 'out'
        AND (
          CAST("t0"."as_of" - "t0"."occurred_at" AS DOUBLE) / CAST('86400000000.0' AS DOUBLE)
        ) < CAST('90.0' AS DOUBLE)
    ) AS "t5"
    INNER JOIN (
      SELECT
        "t1"."business",
        "t1"."invoice_number" AS "document_number",
        "t1"."occurred_at" AS "invoiced_at"
      FROM "gst_invoices" AS "t1"
      WHERE
        "t1"."occurred_at" <= "t1"."as_of"
        AND "t1"."received_at" <= "t1"."as_of"
        AND "t1"."direction" = 'out'
        AND NOT (
          "t1"."cancelled"
        )
        AND NOT (
          "t1"."kind" = 'CDNR'
        )
    ) AS "t3"
      ON "t5"."business" = "t3"."business"
      AND "t5"."document_number" = "t3"."document_number"
  ) AS "t6"
  WHERE
    ABS("t6"."lag_hours") <= CAST('1440.0' AS DOUBLE)
) AS "t7"
GROUP BY
  1
-- grain bank_statutory
SELECT
  "t1"."business",
  GREATEST(
    CAST('1.0' AS DOUBLE) - (
      (
        CAST(SUM("t1"."late_days") AS DOUBLE) / NULLIF(CAST(COUNT(*) AS DOUBLE), CAST('0.0' AS DOUBLE))
      ) / CAST('30.0' AS DOUBLE)
    ),
    CAST('0.0' AS DOUBLE)
  ) AS "statutory_payment_regularity_score"
FROM (
  SELECT
    "t0"."business",
    GREATEST(
      CAST(EXTRACT(day FROM EPOCH_MS(CAST(FLOOR((
        "t0"."occurred_at" + 19800000000
      ) / (
        1000
      )) AS BIGINT))) AS BIGINT) - CASE
        WHEN "t0"."purpose" = 'gst'
        THEN 20
        WHEN "t0"."purpose" = 'epf'
        THEN 15
        WHEN "t0"."purpose" = 'esic'
        THEN 15
        WHEN "t0"."purpose" = 'tds'
        THEN 7
        ELSE NULL
      END,
      0
    ) AS "late_days"
  FROM "bank_entries" AS "t0"
  WHERE
    "t0"."occurred_at" <= "t0"."as_of"
    AND "t0"."received_at" <= "t0"."as_of"
    AND "t0"."direction" = 'debit'
    AND "t0"."purpose" IN ('gst', 'epf', 'esic', 'tds')
    AND (
      CAST("t0"."as_of" - "t0"."occurred_at" AS DOUBLE) / CAST('86400000000.0' AS DOUBLE)
    ) < CAST('365.0' AS DOUBLE)
) AS "t1"
GROUP BY
  1
-- grain bank
SELECT
  "t1"."business",
  CAST(SUM(
    CAST("t1"."purpose" IN ('mandate_return', 'cheque_return', 'mandate_ok', 'emi')
    AND (
      "t1"."age_days" < CAST('90.0' AS DOUBLE)
    )
    AND "t1"."purpose" IN ('mandate_return', 'cheque_return') AS BIGINT)
  ) AS DOUBLE) / NULLIF(
    CAST(SUM(
      CAST("t1"."purpose" IN ('mandate_return', 'cheque_return', 'mandate_ok', 'emi')
      AND (
        "t1"."age_days" < CAST('90.0' AS DOUBLE)
      ) AS BIGINT)
    ) AS DOUBLE),
    CAST('0.0' AS DOUBLE)
  ) AS "debit_failure_rate_90d",
  CAST(COALESCE(
    SUM("t1"."amount_paise") FILTER(WHERE
      (
        "t1"."direction" = 'debit'
      )
      AND (
        "t1"."age_days" < CAST('90.0' AS DOUBLE)
      )
      AND (
        "t1"."purpose" = 'emi'
      )),
    0
  ) AS DOUBLE) / NULLIF(
    CAST(SUM("t1"."amount_paise") FILTER(WHERE
      (
        "t1"."direction" = 'debit'
      )
      AND (
        "t1"."age_days" < CAST('90.0' AS DOUBLE)
      )) AS DOUBLE),
    CAST('0.0' AS DOUBLE)
  ) AS "repayment_like_outflow_share"
FROM (
  SELECT
    "t0"."business",
    "t0"."account",
    "t0"."direction",
    "t0"."purpose",
    "t0"."amount_paise",
    "t0"."balance_paise",
    "t0"."occurred_at",
    "t0"."received_at",
    "t0"."as_of",
    CAST("t0"."as_of" - "t0"."occurred_at" AS DOUBLE) / CAST('86400000000.0' AS DOUBLE) AS "age_days"
  FROM "bank_entries" AS "t0"
  WHERE
    "t0"."occurred_at" <= "t0"."as_of" AND "t0"."received_at" <= "t0"."as_of"
) AS "t1"
GROUP BY
  1
-- grain bank_days
SELECT
  "t5"."business",
  CAST(MAX("t5"."low") AS DOUBLE) / NULLIF(CAST(SUM("t5"."received") AS DOUBLE), CAST('0.0' AS DOUBLE)) AS "net_flow_drawdown_90d"
FROM (
  SELECT
    "t4"."business",
    "t4"."received",
    "t4"."peak" - "t4"."total" AS "low"
  FROM (
    SELECT
      "t3"."business",
      "t3"."day",
      "t3"."net",
      "t3"."received",
      "t3"."total",
      GREATEST(
        MAX("t3"."total") OVER (
          PARTITION BY "t3"."business"
          ORDER BY "t3"."day" ASC
          ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ),
        0
      ) AS "peak"
    FROM (
      SELECT
        "t2"."business",
        "t2"."day",
        "t2"."net",
        "t2"."received",
        SUM("t2"."net") OVER (
          PARTITION BY "t2"."business"
          ORDER BY "t2"."day" ASC
          ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS "total"
      FROM (
        SELECT
          "t1"."business",
          CAST(FLOOR((
            "t1"."occurred_at" + 19800000000
          ) / (
            86400000000
          )) AS BIGINT) AS "day",
          SUM(
            CASE
              WHEN "t1"."direction" = 'credit'
              THEN "t1"."amount_paise"
              ELSE -(
                "t1"."amount_paise"
              )
            END
          ) AS "net",
          COALESCE(SUM("t1"."amount_paise") FILTER(WHERE
            "t1"."direction" = 'credit'), 0) AS "received"
        FROM (
          SELECT
            "t0"."business",
            "t0"."account",
            "t0"."direction",
            "t0"."purpose",
            "t0"."amount_paise",
            "t0"."balance_paise",
            "t0"."occurred_at",
            "t0"."received_at",
            "t0"."as_of",
            CAST("t0"."as_of" - "t0"."occurred_at" AS DOUBLE) / CAST('86400000000.0' AS DOUBLE) AS "age_days"
          FROM "bank_entries" AS "t0"
          WHERE
            "t0"."occurred_at" <= "t0"."as_of"
            AND "t0"."received_at" <= "t0"."as_of"
            AND (
              CAST("t0"."as_of" - "t0"."occurred_at" AS DOUBLE) / CAST('86400000000.0' AS DOUBLE)
            ) < CAST('90.0' AS DOUBLE)
        ) AS "t1"
        GROUP BY
          1,
          2
      ) AS "t2"
    ) AS "t3"
  ) AS "t4"
) AS "t5"
GROUP BY
  1
-- grain bank_bounces
SELECT
  "t3"."business",
  CAST(SUM(CAST("t3"."retried" AS BIGINT)) AS DOUBLE) / NULLIF(CAST(COUNT(*) AS DOUBLE), CAST('0.0' AS DOUBLE)) AS "bounced_then_retried_share"
FROM (
  SELECT
    "t2"."business",
    "t2"."next_paid" IS NOT NULL AS "retried"
  FROM (
    SELECT
      "t1"."business",
      "t1"."account",
      "t1"."direction",
      "t1"."purpose",
      "t1"."amount_paise",
      "t1"."balance_paise",
      "t1"."occurred_at",
      "t1"."received_at",
      "t1"."as_of",
      "t1"."age_days",
      "t1"."paid_at",
      MIN("t1"."paid_at") OVER (
        PARTITION BY "t1"."business", "t1"."account"
        ORDER BY "t1"."occurred_at" ASC
        RANGE BETWEEN CURRENT ROW AND 864000000000 following
      ) AS "next_paid"
    FROM (
      SELECT
        "t0"."business",
        "t0"."account",
        "t0"."direction",
        "t0"."purpose",
        "t0"."amount_paise",
        "t0"."balance_paise",
        "t0"."occurred_at",
        "t0"."received_at",
        "t0"."as_of",
        CAST("t0"."as_of" - "t0"."occurred_at" AS DOUBLE) / CAST('86400000000.0' AS DOUBLE) AS "age_days",
        CASE
          WHEN "t0"."purpose" IN ('mandate_ok', 'emi')
          THEN "t0"."occurred_at"
          ELSE NULL
        END AS "paid_at"
      FROM "bank_entries" AS "t0"
      WHERE
        "t0"."occurred_at" <= "t0"."as_of"
        AND "t0"."received_at" <= "t0"."as_of"
        AND "t0"."purpose" IN ('mandate_return', 'cheque_return', 'mandate_ok', 'emi')
        AND (
          CAST("t0"."as_of" - "t0"."occurred_at" AS DOUBLE) / CAST('86400000000.0' AS DOUBLE)
        ) < CAST('180.0' AS DOUBLE)
    ) AS "t1"
  ) AS "t2"
  WHERE
    "t2"."purpose" IN ('mandate_return', 'cheque_return')
) AS "t3"
GROUP BY
  1
-- grain invoice_receipts
SELECT
  "t11"."business",
  QUANTILE_CONT("t11"."lag_days", 0.5) FILTER(WHERE
    (
      "t11"."age_days" >= CAST('0.0' AS DOUBLE)
    )
    AND (
      "t11"."age_days" < CAST('180.0' AS DOUBLE)
    )) AS "invoice_payment_lag_days",
  QUANTILE_CONT("t11"."lag_days", 0.5) FILTER(WHERE
    (
      "t11"."lag_days" < CAST('60.0' AS DOUBLE)
    )
    AND (
      (
        "t11"."age_days" >= CAST('60.0' AS DOUBLE)
      )
      AND (
        "t11"."age_days" < CAST('150.0' AS DOUBLE)
      )
    )) - QUANTILE_CONT("t11"."lag_days", 0.5) FILTER(WHERE
    (
      "t11"."lag_days" < CAST('60.0' AS DOUBLE)
    )
    AND (
      (
        "t11"."age_days" >= CAST('150.0' AS DOUBLE)
      )
      AND (
        "t11"."age_days" < CAST('240.0' AS DOUBLE)
      )
    )) AS "invoice_payment_lag_trend",
  CASE
    WHEN BOOL_OR(CAST("t11"."lag_days" IS NOT NULL AS BOOLEAN))
    THEN CAST(COALESCE(
      SUM("t11"."gross_paise") FILTER(WHERE
        (
          "t11"."age_days" >= CAST('60.0' AS DOUBLE)
        )
        AND (
          "t11"."age_days" < CAST('180.0' AS DOUBLE)
        )
        AND (
          "t11"."lag_days" IS NULL
        )),
      0
    ) AS DOUBLE) / NULLIF(
      CAST(SUM("t11"."gross_paise") FILTER(WHERE
        (
          "t11"."age_days" >= CAST('60.0' AS DOUBLE)
        )
        AND (
          "t11"."age_days" < CAST('180.0' AS DOUBLE)
        )) AS DOUBLE),
      CAST('0.0' AS DOUBLE)
    )
    ELSE NULL
  END AS "unmatched_invoice_share"
FROM (
  SELECT
    "t10"."business",
    "t10"."invoice_number",
    "t10"."age_days",
    "t10"."gross_paise",
    MIN("t10"."late") FILTER(WHERE
      "t10"."paid") AS "lag_days"
  FROM (
    SELECT
      "t9"."business",
      "t9"."invoice_number",
      "t9"."age_days",
      "t9"."gross_paise",
      "t9"."invoiced_at",
      "t9"."business_right",
      "t9"."paise",
      "t9"."paid_at",
      GREATEST(
        CAST("t9"."paid_at" - "t9"."invoiced_at" AS DOUBLE) / CAST('86400000000.0' AS DOUBLE),
        CAST('0.0' AS DOUBLE)
      ) AS "late",
      "t9"."paid_at" IS NOT NULL AS "paid"
    FROM (
      SELECT
        "t8"."business",
        "t8"."invoice_number",
        "t8"."age_days",
        "t8"."gross_paise",
        "t8"."invoiced_at",
        "t6"."business" AS "business_right",
        "t6"."paise",
        "t6"."paid_at"
      FROM (
        SELECT
          "t0"."business",
          "t0"."invoice_number",
          CAST("t0"."as_of" - "t0"."occurred_at" AS DOUBLE) / CAST('86400000000.0' AS DOUBLE) AS "age_days",
          "t0"."taxable_paise" + "t0"."igst_paise" + "t0"."cgst_paise" + "t0"."sgst_paise" AS "gross_paise",
          "t0"."occurred_at" AS "invoiced_at"
        FROM "gst_invoices" AS "t0"
        WHERE
          "t0"."occurred_at" <= "t0"."as_of"
          AND "t0"."received_at" <= "t0"."as_of"
          AND "t0"."direction" = 'out'
          AND NOT (
            "t0"."cancelled"
          )
          AND NOT (
            "t0"."kind" = 'CDNR'
          )
          AND "t0"."counterparty_gstin" IS NOT NULL
          AND (
            CAST("t0"."as_of" - "t0"."occurred_at" AS DOUBLE) / CAST('86400000000.0' AS DOUBLE)
          ) < CAST('240.0' AS DOUBLE)
      ) AS "t8"
      LEFT OUTER JOIN (
        SELECT
          *
        FROM (
          SELECT
            "t1"."business",
            "t1"."amount_paise" AS "paise",
            "t1"."occurred_at" AS "paid_at"
          FROM "upi_payments" AS "t1"
          WHERE
            "t1"."occurred_at" <= "t1"."as_of"
            AND "t1"."received_at" <= "t1"."as_of"
            AND "t1"."status" = 'success'
            AND "t1"."direction" = 'in'
        ) AS "t3"
        UNION ALL
        SELECT
          *
        FROM (
          SELECT
            "t2"."business",
            "t2"."amount_paise" AS "paise",
            "t2"."occurred_at" AS "paid_at"
          FROM "bank_entries" AS "t2"
          WHERE
            "t2"."occurred_at" <= "t2"."as_of"
            AND "t2"."received_at" <= "t2"."as_of"
            AND "t2"."direction" = 'credit'
            AND "t2"."purpose" = 'receipt'
        ) AS "t4"
      ) AS "t6"
        ON "t8"."business" = "t6"."business"
        AND "t8"."gross_paise" = "t6"."paise"
        AND (
          "t6"."paid_at" - "t8"."invoiced_at"
        ) >= -43200000000
        AND (
          "t6"."paid_at" - "t8"."invoiced_at"
        ) < 15552000000000
    ) AS "t9"
  ) AS "t10"
  GROUP BY
    1,
    2,
    3,
    4
) AS "t11"
GROUP BY
  1
-- grain bill_invoices
SELECT
  "t7"."business",
  CAST(SUM(CAST(NOT (
    "t7"."matched"
  ) AS BIGINT)) AS DOUBLE) / NULLIF(CAST(COUNT(*) AS DOUBLE), CAST('0.0' AS DOUBLE)) AS "unmatched_bill_share"
FROM (
  SELECT
    "t6"."business",
    "t6"."document_number",
    "t6"."buyer",
    "t6"."value_paise",
    "t6"."billed_at",
    COUNT("t6"."invoiced_at") > 0 AS "matched"
  FROM (
    SELECT
      "t5"."business",
      "t5"."document_number",
      "t5"."value_paise",
      "t5"."billed_at",
      "t5"."buyer",
      "t4"."business" AS "business_right",
      "t4"."gross_paise",
      "t4"."invoice_number",
      "t4"."invoiced_at",
      "t4"."sold_to"
    FROM (
      SELECT
        "t0"."business",
        "t0"."document_number",
        "t0"."value_paise",
        "t0"."occurred_at" AS "billed_at",
        COALESCE("t0"."counterparty_gstin", 'URP') AS "buyer"
      FROM "eway_bills" AS "t0"
      WHERE
        "t0"."occurred_at" <= "t0"."as_of"
        AND "t0"."received_at" <= "t0"."as_of"
        AND "t0"."direction" = 'out'
        AND (
          CAST("t0"."as_of" - "t0"."occurred_at" AS DOUBLE) / CAST('86400000000.0' AS DOUBLE)
        ) >= CAST('120.0' AS DOUBLE)
        AND (
          CAST("t0"."as_of" - "t0"."occurred_at" AS DOUBLE) / CAST('86400000000.0' AS DOUBLE)
        ) < CAST('300.0' AS DOUBLE)
    ) AS "t5"
    LEFT OUTER JOIN (
      SELECT
        "t1"."business",
        "t1"."taxable_paise" + "t1"."igst_paise" + "t1"."cgst_paise" + "t1"."sgst_paise" AS "gross_paise",
        "t1"."invoice_number",
        "t1"."occurred_at" AS "invoiced_at",
        COALESCE("t1"."counterparty_gstin", 'URP') AS "sold_to"
      FROM "gst_invoices" AS "t1"
      WHERE
        "t1"."occurred_at" <= "t1"."as_of"
        AND "t1"."received_at" <= "t1"."as_of"
        AND "t1"."direction" = 'out'
        AND NOT (
          "t1"."cancelled"
        )
        AND NOT (
          "t1"."kind" = 'CDNR'
        )
    ) AS "t4"
      ON "t5"."business" = "t4"."business"
      AND "t5"."document_number" = "t4"."invoice_number"
      AND "t5"."buyer" = "t4"."sold_to"
      AND ABS("t5"."billed_at" - "t4"."invoiced_at") <= 5184000000000
      AND ABS("t5"."value_paise" - "t4"."gross_paise") <= 200
  ) AS "t6"
  GROUP BY
    1,
    2,
    3,
    4,
    5
) AS "t7"
GROUP BY
  1
-- grain freshness
SELECT
  "t18"."business",
  (
    CASE
      WHEN COALESCE(
        "t18"."gst" < CASE
          WHEN "t18"."quarterly_filer"
          THEN CAST('135.0' AS DOUBLE)
          ELSE CAST('75.0' AS DOUBLE)
        END,
        FALSE
      )
      THEN CAST('35.0' AS DOUBLE)
      ELSE CAST('0.0' AS DOUBLE)
    END + CASE
      WHEN COALESCE("t18"."upi" < CAST('30.0' AS DOUBLE), FALSE)
      THEN CAST('25.0' AS DOUBLE)
      ELSE CAST('0.0' AS DOUBLE)
    END + CASE
      WHEN COALESCE("t18"."bank" < CAST('45.0' AS DOUBLE), FALSE)
      THEN CAST('25.0' AS DOUBLE)
      ELSE CAST('0.0' AS DOUBLE)
    END + CASE
      WHEN COALESCE("t18"."deals_in_goods" AND (
        "t18"."eway" < CAST('60.0' AS DOUBLE)
      ), FALSE)
      THEN CAST('15.0' AS DOUBLE)
      ELSE CAST('0.0' AS DOUBLE)
    END
  ) / (
    CAST('85.0' AS DOUBLE) + CASE
      WHEN COALESCE("t18"."deals_in_goods", FALSE)
      THEN CAST('15.0' AS DOUBLE)
      ELSE CAST('0.0' AS DOUBLE)
    END
  ) AS "data_completeness_score",
  CASE
    WHEN "t18"."newest" IS NOT NULL
    THEN GREATEST(
      CAST(COALESCE("t18"."longest", 0) AS DOUBLE) / CAST('86400.0' AS DOUBLE),
      LEAST("t18"."newest", CAST('180.0' AS DOUBLE))
    )
    ELSE NULL
  END AS "longest_gap_days",
  "t18"."newest" AS "days_since_last_event"
FROM (
  SELECT
    "t17"."business",
    "t17"."deals_in_goods",
    "t17"."quarterly_filer",
    "t17"."as_of",
    CAST("t17"."as_of" - "t17"."gst" AS DOUBLE) / CAST('86400000000.0' AS DOUBLE) AS "gst",
    CAST("t17"."as_of" - "t17"."upi" AS DOUBLE) / CAST('86400000000.0' AS DOUBLE) AS "upi",
    CAST("t17"."as_of" - "t17"."eway" AS DOUBLE) / CAST('86400000000.0' AS DOUBLE) AS "eway",
    CAST("t17"."as_of" - "t17"."bank" AS DOUBLE) / CAST('86400000000.0' AS DOUBLE) AS "bank",
    CAST("t17"."as_of" - "t17"."newest" AS DOUBLE) / CAST('86400000000.0' AS DOUBLE) AS "newest",
    "t17"."longest"
  FROM (
    SELECT
      "t16".*
      EXCLUDE ("business_right")
    FROM (
      SELECT
        "t5"."business",
        "t5"."deals_in_goods",
        "t5"."quarterly_filer",
        "t5"."as_of",
        "t15"."business" AS "business_right",
        "t15"."gst",
        "t15"."upi",
        "t15"."eway",
        "t15"."bank",
        "t15"."newest",
        "t15"."longest"
      FROM "businesses" AS "t5"
      LEFT OUTER JOIN (
        SELECT
          "t13"."business",
          MAX("t13"."occurred_at") FILTER(WHERE
            "t13"."stream" = 0) AS "gst",
          MAX("t13"."occurred_at") FILTER(WHERE
            "t13"."stream" = 1) AS "upi",
          MAX("t13"."occurred_at") FILTER(WHERE
            "t13"."stream" = 2) AS "eway",
          MAX("t13"."occurred_at") FILTER(WHERE
            "t13"."stream" = 3) AS "bank",
          MAX("t13"."occurred_at") AS "newest",
          MAX(
            CAST(FLOOR((
              "t13"."occurred_at"
            ) / (
              1000000
            )) AS BIGINT) - CAST(FLOOR((
              "t13"."before"
            ) / (
              1000000
            )) AS BIGINT)
          ) FILTER(WHERE
            "t13"."before" > (
              "t13"."as_of" - 15552000000000
            )) AS "longest"
        FROM (
          SELECT
            "t12"."business",
            "t12"."occurred_at",
            "t12"."as_of",
            "t12"."stream",
            LAG("t12"."occurred_at", 1) OVER (
              PARTITION BY "t12"."business"
              ORDER BY "t12"."occurred_at" ASC
              ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
            ) AS "before"
          FROM (
            SELECT
              *
            FROM (
              SELECT
                *
              FROM (
                SELECT
                  "t1"."business",
                  "t1"."occurred_at",
                  "t1"."as_of",
                  0 AS "stream"
                FROM "gst_invoices" AS "t1"
                WHERE
                  "t1"."occurred_at" <= "t1"."as_of"
                  AND "t1"."received_at" <= "t1"."as_of"
                  AND NOT (
                    "t1"."cancelled"
                  )
              ) AS "t6"
              UNION ALL
              SELECT
                *
              FROM (
                SELECT
                  "t2"."business",
                  "t2"."occurred_at",
                  "t2"."as_of",
                  1 AS "stream"
                FROM "upi_payments" AS "t2"
                WHERE
                  "t2"."occurred_at" <= "t2"."as_of"
                  AND "t2"."received_at" <= "t2"."as_of"
                  AND "t2"."status" = 'success'
              ) AS "t7"
            ) AS "t10"
            UNION ALL
            SELECT
              *
            FROM (
              SELECT
                *
              FROM (
                SELECT
                  "t3"."business",
                  "t3"."occurred_at",
                  "t3"."as_of",
                  2 AS "stream"
                FROM "eway_bills" AS "t3"
                WHERE
                  "t3"."occurred_at" <= "t3"."as_of" AND "t3"."received_at" <= "t3"."as_of"
              ) AS "t8"
              UNION ALL
              SELECT
                *
              FROM (
                SELECT
                  "t4"."business",
                  "t4"."occurred_at",
                  "t4"."as_of",
                  3 AS "stream"
                FROM "bank_entries" AS "t4"
                WHERE
                  "t4"."occurred_at" <= "t4"."as_of" AND "t4"."received_at" <= "t4"."as_of"
              ) AS "t9"
            ) AS "t11"
          ) AS "t12"
        ) AS "t13"
        GROUP BY
          1
      ) AS "t15"
        ON "t5"."business" = "t15"."business"
    ) AS "t16"
  ) AS "t17"
) AS "t18"
-- grain cash
SELECT
  "t16"."business",
  CASE
    WHEN CAST(CASE WHEN "t16"."balance" IS NOT NULL THEN "t16"."balance" ELSE "t16"."upi_net" END AS DOUBLE) IS NULL
    THEN NULL
    WHEN CAST(CASE WHEN "t16"."balance" IS NOT NULL THEN "t16"."balance" ELSE "t16"."upi_net" END AS DOUBLE) <= CAST('0.0' AS DOUBLE)
    THEN CAST('0.0' AS DOUBLE)
    WHEN CAST(CASE
      WHEN "t16"."balance" IS NOT NULL
      THEN "t16"."outflow"
      ELSE "t16"."upi_outflow"
    END AS DOUBLE) = CAST('0.0' AS DOUBLE)
    THEN CAST('365.0' AS DOUBLE)
    ELSE LEAST(
      (
        CAST(CASE WHEN "t16"."balance" IS NOT NULL THEN "t16"."balance" ELSE "t16"."upi_net" END AS DOUBLE) * CAST('30.0' AS DOUBLE)
      ) / NULLIF(
        CAST(CASE
          WHEN "t16"."balance" IS NOT NULL
          THEN "t16"."outflow"
          ELSE "t16"."upi_outflow"
        END AS DOUBLE),
        CAST('0.0' AS DOUBLE)
      ),
      CAST('365.0' AS DOUBLE)
    )
  END AS "cash_buffer_days",
  CASE
    WHEN "t16"."balance" IS NOT NULL
    THEN CAST('0.0' AS DOUBLE)
    WHEN "t16"."upi_net" IS NOT NULL
    THEN CAST('1.0' AS DOUBLE)
    ELSE NULL
  END AS "cash_buffer_is_estimate"
FROM (
  SELECT
    "t15".*
    EXCLUDE ("business_right")
  FROM (
    SELECT
      "t14"."business",
      "t14"."balance",
      "t14"."outflow",
      "t9"."business" AS "business_right",
      "t9"."upi_net",
      "t9"."upi_outflow"
    FROM (
      SELECT
        "t12"."business",
        "t12"."balance",
        "t12"."outflow"
      FROM (
        SELECT
          "t4"."business",
          "t11"."business" AS "business_right",
          "t11"."balance",
          "t11"."outflow"
        FROM (
          SELECT
            "t1"."business"
          FROM "businesses" AS "t1"
        ) AS "t4"
        LEFT OUTER JOIN (
          SELECT
            "t8"."business",
            -(
              SUM("t8"."owed")
            ) AS "balance",
            SUM("t8"."spent") AS "outflow"
          FROM (
            SELECT
              "t6"."business",
              "t6"."account",
              (
                MAX({'at': "t6"."occurred_at", 'owed': -(
                  "t6"."balance_paise"
                )})
              )."owed" AS "owed",
              COALESCE(
                SUM("t6"."amount_paise") FILTER(WHERE
                  (
                    "t6"."direction" = 'debit'
                  )
                  AND (
                    "t6"."age_days" < CAST('30.0' AS DOUBLE)
                  )),
                0
              ) AS "spent"
            FROM (
              SELECT
                "t2"."business",
                "t2"."account",
                "t2"."direction",
                "t2"."purpose",
                "t2"."amount_paise",
                "t2"."balance_paise",
                "t2"."occurred_at",
                "t2"."received_at",
                "t2"."as_of",
                CAST("t2"."as_of" - "t2"."occurred_at" AS DOUBLE) / CAST('86400000000.0' AS DOUBLE) AS "age_days"
              FROM "bank_entries" AS "t2"
              WHERE
                "t2"."occurred_at" <= "t2"."as_of" AND "t2"."received_at" <= "t2"."as_of"
            ) AS "t6"
            GROUP BY
              1,
              2
          ) AS "t8"
          GROUP BY
            1
        ) AS "t11"
          ON "t4"."business" = "t11"."business"
      ) AS "t12"
    ) AS "t14"
    LEFT OUTER JOIN (
      SELECT
        "t5"."business",
        COALESCE(
          SUM(
            CASE
              WHEN "t5"."direction" = 'in'
              THEN "t5"."amount_paise"
              ELSE -(
                "t5"."amount_paise"
              )
            END
          ) FILTER(WHERE
            "t5"."age_days" < CAST('90.0' AS DOUBLE)),
          0
        ) AS "upi_net",
        COALESCE(
          SUM("t5"."amount_paise") FILTER(WHERE
            (
              "t5"."direction" = 'out'
            ) AND (
              "t5"."age_days" < CAST('30.0' AS DOUBLE)
            )),
          0
        ) AS "upi_outflow"
      FROM (
        SELECT
          "t0"."business",
          "t0"."direction",
          "t0"."amount_paise",
          "t0"."kind",
          "t0"."status",
          "t0"."counterparty_vpa",
          "t0"."counterparty",
          "t0"."occurred_at",
          "t0"."received_at",
          "t0"."as_of",
          CAST("t0"."as_of" - "t0"."occurred_at" AS DOUBLE) / CAST('86400000000.0' AS DOUBLE) AS "age_days"
        FROM "upi_payments" AS "t0"
        WHERE
          "t0"."occurred_at" <= "t0"."as_of"
          AND "t0"."received_at" <= "t0"."as_of"
          AND "t0"."status" = 'success'
      ) AS "t5"
      GROUP BY
        1
    ) AS "t9"
      ON "t14"."business" = "t9"."business"
  ) AS "t15"
) AS "t16"
-- grain network
SELECT
  "t0"."business",
  CASE WHEN ISNAN("t0"."fraud_ring_flag") THEN NULL ELSE "t0"."fraud_ring_flag" END AS "fraud_ring_flag",
  CASE WHEN ISNAN("t0"."fraud_confidence") THEN NULL ELSE "t0"."fraud_confidence" END AS "fraud_confidence",
  CASE WHEN ISNAN("t0"."cycle_velocity") THEN NULL ELSE "t0"."cycle_velocity" END AS "cycle_velocity",
  CASE WHEN ISNAN("t0"."cycle_recurrence") THEN NULL ELSE "t0"."cycle_recurrence" END AS "cycle_recurrence",
  CASE
    WHEN ISNAN("t0"."counterparty_compliance_avg")
    THEN NULL
    ELSE "t0"."counterparty_compliance_avg"
  END AS "counterparty_compliance_avg",
  CASE
    WHEN ISNAN("t0"."counterparty_fraud_exposure")
    THEN NULL
    ELSE "t0"."counterparty_fraud_exposure"
  END AS "counterparty_fraud_exposure",
  CASE
    WHEN ISNAN("t0"."gst_upi_receivables_gap")
    THEN NULL
    ELSE "t0"."gst_upi_receivables_gap"
  END AS "gst_upi_receivables_gap",
  CASE
    WHEN ISNAN("t0"."ewb_smurfing_index")
    THEN NULL
    ELSE "t0"."ewb_smurfing_index"
  END AS "ewb_smurfing_index",
  CASE WHEN ISNAN("t0"."pagerank_score") THEN NULL ELSE "t0"."pagerank_score" END AS "pagerank_score"
FROM "network" AS "t0"
