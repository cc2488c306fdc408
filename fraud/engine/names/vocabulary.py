"""Words of names that mean something: titles, legal forms, particles, generic words, numbers.

Sources: everyday usage in the lists screened here and in Indian KYC records; the groups are ours and may be extended.
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TITLES = _words(
    "admiral adv advocate al-haj alhaj alias ambassador amir ayatollah begum brig brigadier ca capt captain "
    "col colonel commander deceased don dona dr emir eng engr er esq father frau gen general governor hafez "
    "hafiz haji hajj hajji herr hon honourable ii iii imam janab ji jr king kumari lady late lieutenant lord "
    "lt madame maj major maulana maulvi mawlana mawlawi mba md minister miss mme molvi monsieur mr mrs ms "
    "mufti mulla mullah pandit phd prasident president prince princess prof professor qari queen rev saab "
    "saheb sahib sayyid selvi senator senor senora shaikh shaykh sheik sheikh shree shri shrimati sir smt sr "
    "sri sultan thiru ustad"
)
"""Never evidence by themselves. A name made only of titles keeps them."""

PARTICLES = _words(
    "a abou abu ad al an and ar as ash at az ben bi bin bint binti da das de del della den der di do dos du e "
    "el et for i ibn in kyzy la las le les los o of oglu ogly on so ten ter the to ud ul umm un und une ur "
    "van von with wo y zu zum zur"
)
"""Carry little: present or absent, joined or apart."""

LEGAL_FORMS = {
    "llc": (
        "limited liability company|limited liability co|llc|ooo|"
        "obshchestvo s ogranichennoy otvetstvennostyu|l l c|tov|too|gmbh|"
        "gesellschaft mit beschrankter haftung|sarl|srl|sp z o o|spolka z o o|s r l|s a r l|doo|eood|"
        "ood|societatea cu raspundere limitata|sociedad de responsabilidad limitada|ltda|limitada|bv|"
        "b v|sro|s r o|kft|uab|sia|ou|fze|fzco|fz llc|fzc|wll|w l l|dmcc"
    ),
    "ltd": (
        "ltd|limited|private limited|pvt ltd|pvt limited|private ltd|pty ltd|pte ltd|co ltd|"
        "company limited|pt|pvt|pty|pte|co limited|sdn bhd|bhd|ltd co|ltd sti"
    ),
    "jsc": (
        "jsc|joint stock company|ojsc|oao|ao|zao|pao|cjsc|pjsc|open joint stock company|"
        "closed joint stock company|public joint stock company|aktsionernoe obshchestvo|"
        "aktsionernoye obshchestvo|otkrytoe aktsionernoe obshchestvo|publichnoe aktsionernoe obshchestvo|"
        "zakrytoe aktsionernoe obshchestvo|ag|aktiengesellschaft|sa|s a|societe anonyme|"
        "sociedad anonima|plc|p l c|public limited company|nv|n v|spa|s p a|ab|aktiebolag|as|a s|"
        "asa|oyj|oy|se|kk|as|ad|sae|psc|ooj|akg"
    ),
    "inc": ("inc|incorporated|corp|corporation|co|company|cie|compagnie|kompaniya|korporatsiya"),
    "llp": (
        "llp|lp|limited liability partnership|limited partnership|partnership|kg|ohg|gmbh co kg|huf|"
        "and sons|and co|and company"
    ),
    "ano": ("ano|avtonomnaya nekommercheskaya organizatsiya|ngo|ev|e v|npo"),
    "firm": ("fupe|fgup|gup|mup|ip|chup|rup|odo|sub|est|establishment|ev"),
}
"""Class → the ways it is written, after romanisation and without punctuation."""

GENERIC_WORDS = {
    0.55: (
        "group holding holdings gruppe gruppa grupo groupe international global world worldwide enterprise "
        "enterprises trading trade traders general services service systems system solutions industries "
        "industry industrial investment investments capital partners ventures associates management business "
        "commercial development import export organization organisation foundation trust fund center centre "
        "national state first new"
    ),
    0.75: (
        "bank banque shipping maritime marine aviation airlines air energy oil gas petroleum petrochemical "
        "steel mining construction engineering technology technologies tech electronics chemical chemicals "
        "pharma pharmaceuticals pharmaceutical insurance finance financial transport logistics motors motor "
        "auto food foods textiles textile garments jewellers agro power electric electrical telecom "
        "communications media university institute academy research science sciences medical health hospital "
        "military army ministry government department committee council union brigade battalion party front "
        "movement house company stores store mart consultants machine tool institut zavod plant factory works "
        "exchange real estate properties property precision products equipment republic islamic central "
        "united eastern western northern southern"
    ),
    0.1: ("mv mt ms ss vessel ship tanker hon"),
}
GENERIC = {word: share for share, text in GENERIC_WORDS.items() for word in text.split()}
"""Words many organisations share: weight relative to a distinctive word of the same length."""

ABBREVIATIONS = {
    "intl": "international", "int'l": "international", "inter": "international", "natl": "national",
    "nat": "national", "govt": "government", "dept": "department", "univ": "university", "inst": "institute",
    "mfg": "manufacturing", "mgmt": "management", "svcs": "services", "svc": "service", "assn": "association",
    "assoc": "association", "engg": "engineering", "engrg": "engineering", "ind": "industries",
    "inds": "industries", "ent": "enterprises", "tech": "technology", "bros": "brothers", "hldgs": "holdings",
    "grp": "group", "ctr": "center", "centre": "center", "organisation": "organization", "md": "muhammad",
    "mohd": "muhammad", "mhd": "muhammad", "st": "saint", "1st": "1", "2nd": "2", "3rd": "3", "first": "1",
    "second": "2", "third": "3", "&": "and", "int": "international",
}  # fmt: skip

SMALL_NUMBERS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
ROUND_NUMBERS = "twenty thirty forty fifty sixty seventy eighty ninety"
UNITS = {word: number for number, word in enumerate(SMALL_NUMBERS.split())}
TENS = {word: 10 * number for number, word in enumerate(ROUND_NUMBERS.split(), start=2)} | {"fourty": 40}
ROMAN = {"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9"}

PLACES = _words(
    "afghanistan albania algeria angola arabia argentina armenia australia austria azerbaijan bahrain "
    "bangladesh belarus belgium bengaluru bolivia bosnia brazil bulgaria burma cambodia cameroon canada chad "
    "chennai chile china colombia congo croatia cuba cyprus delhi denmark dubai ecuador egypt emirates "
    "england eritrea estonia ethiopia europe finland france gabon georgia germany ghana greece guinea gujarat "
    "haiti honduras hungary hyderabad india indonesia iran iraq ireland israel italy jamaica japan jordan "
    "kazakhstan kenya kolkata korea kuwait laos latvia lebanon liberia libya lithuania maharashtra malaysia "
    "maldives mali malta mauritius mexico moldova mongolia montenegro morocco mozambique mumbai myanmar "
    "namibia nepal netherlands nicaragua niger nigeria norway oman pakistan palestine panama paraguay peru "
    "philippines poland portugal qatar romania russia rwanda saudi schweiz senegal serbia seychelles "
    "singapore slovakia slovenia somalia spain sudan sweden switzerland syria taiwan tajikistan tanzania "
    "thailand togo tunisia turkey turkmenistan uganda uk ukraine uruguay usa uzbekistan venezuela vietnam "
    "yemen zambia zimbabwe"
)
"""Two different ones in one place of a name are two organisations, however alike they are spelt."""

COMMON = _words(
    "abbas abd abdallah agarwal ahmad aisha ajay akhtar aleksandr ali amit andrei anil anita anna ansari "
    "banerjee bashir begum bibi bose brown carlos charles chatterjee chaudhry chauhan chen choi das david "
    "desai devi dinesh dmitri dutta fatima friedrich gandhi ganesh gao garcia ghosh gonzalez guo gupta haider "
    "hamid hans hasan he hong hu hua huang husayn hussain ibrahim imran iqbal ismail ivan ivanov iyer jain "
    "jamal james javed jian john johnson jones jose joseph joshi juan jun jung karim kaur khalid khan kim "
    "krishna kumar lakshmi lal lee lei li lin liu lopez luis luo ma mahesh mahmud malik maria martinez mehta "
    "menon michael mikhail ming mirza mishra muhammad mukesh mukherjee mustafa nair nasir nguyen nikolai "
    "pandey park patel perez peter petrov ping prasad priya qureshi rahim rahman rahul raj rajesh ram ramesh "
    "rao rashid ravi raza reddy richard robert rodriguez rohit roy said salah saleh salim sanjay sen sergei "
    "shah sharma sheikh shiv shukla siddiqui singh smirnov smith sun sunil sunita suresh tariq thakur thomas "
    "tiwari tran umar usman verma vijay vladimir wang wei william wu xiao xu yadav yang yusuf zahra zhang "
    "zhao zhou zhu"
)
"""Names so frequent that sharing one says little."""
