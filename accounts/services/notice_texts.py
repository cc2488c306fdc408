"""What people are told, by topic and language. A language without words of its own gets English."""

from collections.abc import Mapping
from dataclasses import dataclass

from accounts.models import Language


@dataclass(frozen=True)
class Notice:
    """A piece of news ready for somebody: words, the page it is about, and whether it is worth a letter."""

    topic: str
    title: str
    text: str
    path: str
    by_mail: bool


@dataclass(frozen=True)
class Wording:
    """The words of one topic; `{business}` and the like are filled in."""

    path: str
    by_mail: bool
    words: Mapping[str, tuple[str, str]]


def _said(path: str, *, by_mail: bool, en: tuple[str, str], hi: tuple[str, str]) -> Wording:
    return Wording(path, by_mail, {Language.ENGLISH: en, Language.HINDI: hi})


WORDINGS: Mapping[str, Wording] = {
    "scoring.ScoreIssued": _said(
        "/owner/score",
        by_mail=True,
        en=("Your score is ready", "{business} has a new score. The report says what raised and what lowered it."),
        hi=("आपका स्कोर तैयार है", "{business} का नया स्कोर आ गया है। रिपोर्ट बताती है कि वह किससे बढ़ा और किससे घटा।"),
    ),
    "lending.DecisionMade": _said(
        "/owner",
        by_mail=True,
        en=(
            "News of your loan application",
            "A bank has decided on the application of {business}. Read it with its reasons.",
        ),
        hi=("आपके ऋण आवेदन का समाचार", "बैंक ने {business} के आवेदन पर निर्णय लिया है। कारणों के साथ पढ़ें।"),
    ),
    "accounts.ConsentRequested": _said(
        "/owner/consents",
        by_mail=True,
        en=(
            "A bank asks for your records",
            "{organisation} asks to see records of {business}. You decide; nothing is shared until you say yes.",
        ),
        hi=(
            "एक बैंक आपके रिकॉर्ड देखना चाहता है",
            "{organisation} ने {business} के रिकॉर्ड देखने की अनुमति माँगी है। आपकी हाँ के बिना कुछ नहीं दिखेगा।",
        ),
    ),
    "accounts.ConsentGranted": _said(
        "/owner/consents",
        by_mail=True,
        en=(
            "You share records",
            "{organisation} may see what you chose of {business}. You can take it back at any time.",
        ),
        hi=("आपने रिकॉर्ड साझा किए", "{organisation} अब {business} के चुने हुए रिकॉर्ड देख सकता है। आप कभी भी वापस ले सकते हैं।"),
    ),
    "accounts.ConsentWithdrawn": _said(
        "/owner/consents",
        by_mail=True,
        en=("You took your consent back", "{organisation} may not read records of {business} any more."),
        hi=("आपने सहमति वापस ली", "{organisation} अब {business} के रिकॉर्ड नहीं पढ़ सकता।"),
    ),
    "accounts.ConsentExpired": _said(
        "/owner/consents",
        by_mail=True,
        en=(
            "A consent has ended",
            "{organisation} may not read records of {business} any more, because the time you gave is over.",
        ),
        hi=("एक सहमति समाप्त हुई", "आपका दिया समय पूरा हुआ, इसलिए {organisation} अब {business} के रिकॉर्ड नहीं पढ़ सकता।"),
    ),
    "consent.expiring": _said(
        "/owner/consents",
        by_mail=True,
        en=(
            "A consent ends soon",
            "What {organisation} may see of {business} ends on {day}. Give a new consent if you want it to go on.",
        ),
        hi=(
            "एक सहमति जल्द समाप्त होगी",
            "{organisation} की {business} के लिए अनुमति {day} को समाप्त होगी। आगे बढ़ाने के लिए नई सहमति दें।",
        ),
    ),
    "accounts.ClaimDisputed": _said(
        "/owner/people",
        by_mail=True,
        en=(
            "Somebody is disputed",
            "A person who speaks for {business} disputes a newcomer. An administrator looks at it.",
        ),
        hi=("एक दावे पर आपत्ति", "{business} की ओर से एक नए व्यक्ति पर आपत्ति हुई है। प्रशासक इसे देखेंगे।"),
    ),
    "accounts.MembershipChanged": _said(
        "/owner/people",
        by_mail=True,
        en=(
            "Who speaks for your business has changed",
            "Look at the people of {business}. If somebody should not be there, dispute it.",
        ),
        hi=("आपके व्यवसाय के लोग बदले", "{business} के लोगों की सूची देखें। कोई गलत हो तो आपत्ति करें।"),
    ),
    "accounts.KycVerified": _said(
        "/owner/kyc",
        by_mail=True,
        en=(
            "Your business is verified",
            "The identity check of {business} is done. See when it is due again.",
        ),
        hi=("आपका व्यवसाय सत्यापित हुआ", "{business} की पहचान जाँच पूरी हुई। पृष्ठ बताता है कि अगली जाँच कब है।"),
    ),
    "kyc.refused": _said(
        "/owner/kyc",
        by_mail=True,
        en=("A paper has to be sent again", "{what} of {business} was not accepted: {why}"),
        hi=("एक काग़ज़ फिर भेजना है", "{business} का {what} स्वीकार नहीं हुआ: {why}"),
    ),
    "kyc.soon": _said(
        "/owner/kyc",
        by_mail=True,
        en=("The identity check is due again soon", "Renew the identity check of {business} by {day}."),
        hi=("पहचान जाँच फिर करनी है", "{business} की पहचान जाँच {day} तक फिर करें।"),
    ),
    "kyc.late": _said(
        "/owner/kyc",
        by_mail=True,
        en=(
            "The identity check has run out",
            "It was due on {day}. {business} cannot take a new loan until it is renewed.",
        ),
        hi=("पहचान जाँच की तिथि निकल गई", "वह {day} को देय थी। {business} के लिए नवीकरण तक नया ऋण नहीं मिल सकता।"),
    ),
    "wallets.UploadRefused": _said(
        "/owner/evidence",
        by_mail=False,
        en=("A file could not be read", "A file of {business} was not taken in. The page says which lines to mend."),
        hi=("एक फ़ाइल पढ़ी नहीं जा सकी", "{business} की एक फ़ाइल नहीं ली गई। पृष्ठ बताता है कि कौन-सी पंक्तियाँ सुधारनी हैं।"),
    ),
    "wallet.claim_lost": _said(
        "/wallets",
        by_mail=True,
        en=(
            "Somebody else proved a wallet of yours",
            "{wallet} was proved by somebody else with its key. You watch it from now on. If it is yours, sign again.",
        ),
        hi=(
            "आपके एक वॉलेट को किसी और ने सिद्ध किया",
            "{wallet} को किसी और ने उसकी कुंजी से सिद्ध किया। अब आप उसे केवल देखते हैं। यदि वह आपका है तो फिर से हस्ताक्षर करें।",
        ),
    ),
    "wallet.claim_won": _said(
        "/wallets",
        by_mail=False,
        en=(
            "A wallet is yours now",
            "{wallet} was proved by somebody else before. Your signature is newer: the proof is yours, and they know.",
        ),
        hi=(
            "एक वॉलेट अब आपका है",
            "{wallet} को पहले किसी और ने सिद्ध किया था। आपका हस्ताक्षर नया है, इसलिए प्रमाण आपका है; उन्हें बता दिया गया है।",
        ),
    ),
    "reminder.soon": _said(
        "/reminders",
        by_mail=True,
        en=("{what} is due soon", "{what} of {business} is due on {day}."),
        hi=("{what} की तिथि निकट है", "{business} का {what} {day} तक देय है।"),
    ),
    "reminder.today": _said(
        "/reminders",
        by_mail=True,
        en=("{what} is due today", "{what} of {business} is due today, {day}."),
        hi=("{what} आज देय है", "{business} का {what} आज, {day} को देय है।"),
    ),
    "reminder.overdue": _said(
        "/reminders",
        by_mail=True,
        en=("{what} is overdue", "{what} of {business} was due on {day}. Mark it as done if it is."),
        hi=("{what} की तिथि निकल गई", "{business} का {what} {day} को देय था। हो चुका हो तो पूरा चिह्नित करें।"),
    ),
    "scoring.ModelSuspended": _said(
        "/analyst/models",
        by_mail=True,
        en=("A model was suspended", "It answers no more. The page of models says why, and what answers in its place."),
        hi=("एक मॉडल रोका गया", "वह अब उत्तर नहीं देता। मॉडल पृष्ठ बताता है क्यों, और उसकी जगह कौन उत्तर देता है।"),
    ),
    "scoring.DriftFound": _said(
        "/analyst/signals",
        by_mail=True,
        en=("The model's figures moved", "The weekly reading found figures far from training. Look at the signals."),
        hi=("मॉडल के आँकड़े बदले", "साप्ताहिक जाँच में आँकड़े प्रशिक्षण से दूर मिले। संकेत देखें।"),
    ),
    "scoring.PolicyTakenUp": _said(
        "/risk/policies",
        by_mail=False,
        en=("A scoring policy is in force", "Every business was scored under it."),
        hi=("स्कोरिंग नीति लागू हुई", "हर व्यवसाय का स्कोर उसके अनुसार बनाया गया।"),
    ),
    "session.new": _said(
        "/account/security",
        by_mail=True,
        en=(
            "A new sign-in to your account",
            "Somebody signed in from {address} with {browser}. If it was not you, end it and change your password.",
        ),
        hi=(
            "आपके खाते में नया साइन-इन",
            "{address} से {browser} द्वारा साइन-इन हुआ। यदि वह आप नहीं थे, तो सत्र समाप्त करें और पासवर्ड बदलें।",
        ),
    ),
    "api_key.made": _said(
        "/account/keys",
        by_mail=True,
        en=("An API key was made", "The key “{key}” can now act in your name. If you did not make it, revoke it."),
        hi=("एक API कुंजी बनी", "कुंजी “{key}” अब आपके नाम से काम कर सकती है। यदि आपने नहीं बनाई, तो उसे रद्द करें।"),
    ),
    "breach.told": _said(
        "/account/data",
        by_mail=False,  # the letter says everything, and everybody gets it
        en=("Your data was touched by a breach", "{breach}. What happened and what you can do is in a letter to you."),
        hi=("आपके डेटा में सेंध लगी", "{breach}। क्या हुआ और आप क्या कर सकते हैं, यह आपको भेजे पत्र में है।"),
    ),
    "breach.clock": _said(
        "/admin/breaches/{id}",
        by_mail=True,
        en=("The clock of a breach runs out", "The report on “{breach}” is due to the Board by {due} IST."),
        hi=("सेंध की समय-सीमा पूरी हो रही है", "“{breach}” की रिपोर्ट बोर्ड को {due} IST तक देनी है।"),
    ),
    "data_request.answered": _said(
        "/account/data",
        by_mail=True,
        en=("Your request about your data was answered", "Read the answer on the page of your data."),
        hi=("आपके डेटा के अनुरोध का उत्तर आया", "उत्तर अपने डेटा के पृष्ठ पर पढ़ें।"),
    ),
    "dispute.resolved": _said(
        "/owner/disputes/{dispute}",
        by_mail=True,
        en=("Your dispute was answered", "What {business} disputed was looked at. Read the answer with its reason."),
        hi=("आपकी आपत्ति का उत्तर आया", "{business} की आपत्ति देखी गई। उत्तर कारण के साथ पढ़ें।"),
    ),
    "dispute.asked": _said(
        "/owner/disputes/{dispute}",
        by_mail=True,
        en=("There is a question about your dispute", "Answer it, so that the dispute of {business} can go on."),
        hi=("आपकी आपत्ति पर एक प्रश्न है", "उत्तर दें, ताकि {business} की आपत्ति पर काम आगे बढ़े।"),
    ),
    "application.asked": _said(
        "/owner/applications/{application}",
        by_mail=True,
        en=(
            "The bank needs something more",
            "There is a question about the application of {business}. The clock stands still until you answer.",
        ),
        hi=("बैंक को कुछ और जानकारी चाहिए", "{business} के आवेदन पर एक प्रश्न है। आपके उत्तर तक समय रुका रहेगा।"),
    ),
    "loan.disbursed": _said(
        "/owner/loans/{loan}",
        by_mail=True,
        en=("Your loan was paid out", "The bank paid out {account} to {business}. The page shows every instalment."),
        hi=("आपका ऋण जारी हुआ", "बैंक ने {business} को {account} जारी किया। पृष्ठ हर किस्त दिखाता है।"),
    ),
    "approval.decided": _said(
        "/approvals/{approval}",
        by_mail=False,
        en=("Your request was answered", "{what}: {state}."),
        hi=("आपके अनुरोध का उत्तर आया", "{what}: {state}।"),
    ),
    "webhook.disabled": _said(
        "/account/webhooks/{webhook}",
        by_mail=True,
        en=("We stopped calling a webhook", "{url}: {why} What it missed can be sent again from its page."),
        hi=("हमने एक वेबहुक को कॉल करना बंद किया", "{url}: {why} जो छूटा, वह उसके पृष्ठ से फिर भेजा जा सकता है।"),
    ),
    "job.ended": _said(
        "/admin/jobs/{job}",
        by_mail=False,
        en=("{what} has ended", "{state}. {message}"),
        hi=("{what} समाप्त हुआ", "{state}. {message}"),
    ),
}


def worded(topic: str, *, language: str, facts: Mapping[str, str]) -> Notice:
    """The notice of a topic in a language. Raises KeyError for a topic or fact that is missing."""
    wording = WORDINGS[topic]
    title, text = wording.words.get(language, wording.words[Language.ENGLISH])
    return Notice(
        topic,
        title.format_map(facts)[:160],
        text.format_map(facts)[:500],
        wording.path.format_map(facts),
        wording.by_mail,
    )
