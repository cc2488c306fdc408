"""Words of names that mean something: titles, legal forms, particles, generic words, numbers.

Sources: everyday usage in the lists screened here and in Indian KYC records; the groups are ours and may be extended.
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TITLES = _words(
    "admiral adv advocate al-haj alhaj alias ambassador ayatollah begum brig brigadier ca capt captain "
    "col colonel commander deceased don dona dr emir eng engr er esq father frau gen general governor "
    "hafiz haji hajj hajji herr hon honourable ii iii imam janab ji jr lady late lieutenant lord "
    "lt madame maj major maulana maulvi mawlana mawlawi mba md minister miss mme molvi monsieur mr mrs ms "
    "mufti mulla mullah pandit phd prasident president prince princess prof professor qari queen rev saab "
    "saheb sahib sayyid selvi senator senor senora shaikh shaykh sheik sheikh shree shri shrimati sir smt sr "
    "sri sultan thiru ustad"
)
"""Never evidence by themselves. A name made only of titles keeps them."""

FAMILIES = _words("begum dean don imam lord major minister prince princess sultan")
"""Titles that are names too: at the end of a name they stay."""

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
ROMAN_NUMERALS = "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx"
ROMAN = {numeral: str(number) for number, numeral in enumerate(ROMAN_NUMERALS.split(), start=1)}

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
    "aaron abbas abd abdallah adam adams adel agarwal aguilar ahmad ahmadi aisha ajay akhtar alberto aleksandr "
    "alekseev aleksei alexander ali allen almeida alvarez alves amina amit ana anderson andre andreas andreev "
    "andrei andrew anil anita anna ansari anthony antonio arjun arslan ashok aslan aydin ayse aziz baghdadi baker "
    "bakr banerjee barbara barbosa barzani bashir bauer becker begum bell benjamin bernard bertrand bhat bhatt "
    "bianchi bibi bin bo boris bose brandon braun brian brown bruno campbell cao carlos carmen carter carvalho "
    "castillo castro celik cetin chao charles chatterjee chaudhary chaudhry chauhan chen choi clark collins "
    "colombo conti cook cooper costa cox cruz daniel darwish das david davis deepak deluca demir deng dennis "
    "desai deshmukh devi dias diaz dinesh dmitri dogan donald dong douri dubois dulaimi durand dutta edward "
    "edwards egorov ekaterina elena elif elizabeth emine emma eric esposito evans faisal fang farhan farouk fathi "
    "fatima fedorov feng fernandes fernandez fernando ferrari ferreira fischer flores fournier francisco "
    "friedrich gabriel gallo gandhi ganesh gao garcia gary george ghamdi ghani ghosh giordano giovanni girard "
    "giuseppe gomes gomez gonzalez greco green gregory guo gupta gutierrez habib haddad hadi haider hamad hamdan "
    "hamdani hamid han hani hans harbi harris hartmann harun hasan hashemi hashimi hatim he hegde herrera hill "
    "hisham hoffmann hong hosseini howard hu hua huang husayn huseyin husni hussain ibrahim igor imran iqbal "
    "irina isabelle ismail ivan ivanov ivanova iyer jaafar jabbar jabir jack jackson jacob jadhav jafari jain "
    "jamal james jason javed jean jeffrey jennifer jerry jessica jian jie jimenez jing joao john johnson jonathan "
    "jones jorge jose joseph joshi joshua juan jubouri juergen jun jung justin kamal kapoor kara karam karen "
    "karim karimi karthik kaur kaya kenneth kevin khadija khalid khalil khan khoury kilic kim king klaus klein "
    "koc koch konstantin kozlov krause krishna krueger kulkarni kumar kurt kuznetsov kuznetsova lakshmi lal lan "
    "lange larry latif laura laurent layla lebedev lee lefebvre lehmann lei leroy lewis li liang lima lin linda "
    "lisa liu lombardi lopes lopez lucas luigi luis luo ma mahesh mahmud maier majid makarov malhotra malik "
    "mancini mansour mansur manuel marco marcos maria marie marino mario mark martin martinez mary maryam masri "
    "matthew mazen medina mehmet mehta mei mendes mendoza menon meyer michael michel miguel mikhail mikhailov "
    "miller min ming mirza mishra mitchell mohammadi mohan monika moore moradi morales more moreau morel moreno "
    "moretti morozov morris mueller muhammad mukesh mukherjee muller munir murad murphy mustafa mutairi mutlaq "
    "nabil naidu nair naji najib nancy nasir nasr nasser natalia nathalie nelson neumann nguyen nicholas nikitin "
    "nikolaev nikolai novikov nunes nur obeidi oleg olga oliveira olivia omar orlov ortiz osama otaibi ozdemir "
    "ozturk pan pandey paolo park parker patel patil patricia patrick paul paulo pavlov pawar pedro peng pereira "
    "perez peter petra petrov petrova philippe phillips pierre pillai ping popov popova prakash prasad priya "
    "qadir qahtani qasim qiang qureshi rafael rahim rahman rahmani rahul raj rajesh ram ramadan ramesh ramirez "
    "ramos ramzi rao rashid rathore ravi raza reddy reyes rezaei ribeiro ricci richard richardson richter rivera "
    "rizzo robert roberts robinson rocha rodriguez rogers rohit romano romero ronald rossi roux roy ruiz russo "
    "ryan saad sabbagh sabri sadiq sahin said salah saleh salim salman sami samir samuel sanchez sanjay santos "
    "santosh sarah saxena schmidt schneider schroeder schulz schwarz scott semenov sen sergei shah shakir shami "
    "shammari sharif sharma sheikh shetty shinde shiv shukla siddiqui sidorov silva simon singh sinha smirnov "
    "smirnova smith soares sokolov song sophia souza stefan stepanov stephen steven stewart sulayman suleiman sun "
    "sunil sunita suresh susan svetlana taha talal tamimi tang tao tariq tatiana taylor thakur thomas thompson "
    "tian tikriti timothy tiwari torres tran turner tyler umar ursula usman vargas vasiliev venkat verma vieira "
    "vijay viktor vincent vladimir volkov wagner wahid walid walker wang ward weber wei white william williams "
    "wilson wolf wolfgang wright wu xiao xie xin xu yadav yahya yan yang yasin yildirim yildiz yilmaz ying yong "
    "young yuan yuri yusuf zahra zahrani zaid zakharov zaki zawahiri zaynab zeng zeynep zhang zhao zheng zhou zhu "
    "zimmermann"
)
"""Names so frequent that sharing one says little."""
