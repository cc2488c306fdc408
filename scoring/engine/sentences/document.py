"""The words of the printed score report in six languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True)
class Headings:
    """Frames have named fields; `bands` by band name."""

    title: str
    score: str
    likely: str
    chance: str
    reasons: str
    parts: str
    signal: str
    observed: str
    peers: str
    points: str
    start: str
    unrounded: str
    history: str
    date: str
    made: str
    dispute: str
    bands: Mapping[str, str]


def _bands(*names: str) -> Mapping[str, str]:
    return MappingProxyType(dict(zip(("very_low_risk", "low_risk", "medium_risk", "high_risk"), names, strict=True)))


HEADINGS: Final[Mapping[str, Headings]] = MappingProxyType(
    {
        "en": Headings(
            title="Score report of {name}",
            score="Score, 300 to 900",
            likely="Most likely between {low} and {high}.",
            chance="Chance of falling 90 days behind within a year: {pd}.",
            reasons="What helps and what hurts",
            parts="All parts in points",
            signal="Signal",
            observed="Observed",
            peers="Healthy firms",
            points="Points",
            start="Starting point",
            unrounded="Score before rounding",
            history="Scores so far",
            date="Date",
            made="Made from evidence as of {at} by model {version}. This report is no offer of credit.",
            dispute="You may dispute any figure; when it is corrected, the score is made again.",
            bands=_bands("Very low risk", "Low risk", "Medium risk", "High risk"),
        ),
        "hi": Headings(
            title="{name} की स्कोर रिपोर्ट",
            score="स्कोर, 300 से 900",
            likely="संभवतः {low} और {high} के बीच।",
            chance="एक साल में 90 दिन पीछे रह जाने की संभावना: {pd}।",
            reasons="क्या मदद करता है और क्या घटाता है",
            parts="अंकों में सभी हिस्से",
            signal="संकेत",
            observed="देखा गया",
            peers="स्वस्थ फ़र्में",
            points="अंक",
            start="आरंभिक अंक",
            unrounded="पूर्णांकन से पहले का स्कोर",
            history="अब तक के स्कोर",
            date="तारीख़",
            made="{at} तक के साक्ष्य से मॉडल {version} द्वारा बनाया गया। यह रिपोर्ट ऋण का प्रस्ताव नहीं है।",
            dispute="आप किसी भी आँकड़े पर आपत्ति कर सकते हैं; उसे सुधारने पर स्कोर दोबारा निकलेगा।",
            bands=_bands("बहुत कम जोखिम", "कम जोखिम", "मध्यम जोखिम", "अधिक जोखिम"),
        ),
        "mr": Headings(
            title="{name} चा स्कोअर अहवाल",
            score="स्कोअर, 300 ते 900",
            likely="बहुधा {low} आणि {high} दरम्यान.",
            chance="एका वर्षात 90 दिवस मागे पडण्याची शक्यता: {pd}.",
            reasons="काय मदत करते आणि काय कमी करते",
            parts="गुणांमधील सर्व भाग",
            signal="संकेत",
            observed="आढळले",
            peers="सुदृढ व्यवसाय",
            points="गुण",
            start="आरंभीचे गुण",
            unrounded="पूर्णांक करण्यापूर्वीचा स्कोअर",
            history="आतापर्यंतचे स्कोअर",
            date="तारीख",
            made="{at} पर्यंतच्या पुराव्यावरून मॉडेल {version} ने काढला. हा अहवाल कर्जाचा प्रस्ताव नाही.",
            dispute="तुम्ही कोणत्याही आकड्यावर हरकत घेऊ शकता; तो दुरुस्त झाल्यावर स्कोअर पुन्हा काढला जाईल.",
            bands=_bands("खूप कमी जोखीम", "कमी जोखीम", "मध्यम जोखीम", "जास्त जोखीम"),
        ),
        "ta": Headings(
            title="{name} மதிப்பெண் அறிக்கை",
            score="மதிப்பெண், 300 முதல் 900",
            likely="பெரும்பாலும் {low} முதல் {high} வரை.",
            chance="ஓராண்டில் 90 நாட்கள் பின்தங்கும் வாய்ப்பு: {pd}.",
            reasons="எது உதவுகிறது, எது குறைக்கிறது",
            parts="புள்ளிகளில் எல்லாப் பகுதிகளும்",
            signal="குறியீடு",
            observed="காணப்பட்டது",
            peers="நலமான நிறுவனங்கள்",
            points="புள்ளிகள்",
            start="தொடக்கப் புள்ளி",
            unrounded="முழுமையாக்கும் முன் மதிப்பெண்",
            history="இதுவரை பெற்ற மதிப்பெண்கள்",
            date="தேதி",
            made="{at} வரையான சான்றுகளில் இருந்து {version} மாதிரி கணக்கிட்டது. இது கடன் வழங்கும் முன்மொழிவு அல்ல.",
            dispute="எந்த எண்ணையும் நீங்கள் மறுக்கலாம்; அது திருத்தப்பட்டால் மதிப்பெண் மீண்டும் கணக்கிடப்படும்.",
            bands=_bands("மிகக் குறைந்த இடர்", "குறைந்த இடர்", "நடுத்தர இடர்", "அதிக இடர்"),
        ),
        "te": Headings(
            title="{name} స్కోరు నివేదిక",
            score="స్కోరు, 300 నుండి 900",
            likely="బహుశా {low}, {high} మధ్య.",
            chance="ఏడాదిలో 90 రోజులు వెనుకబడే అవకాశం: {pd}.",
            reasons="ఏది సాయపడుతుంది, ఏది తగ్గిస్తుంది",
            parts="పాయింట్లలో అన్ని భాగాలు",
            signal="సూచిక",
            observed="కనిపించింది",
            peers="ఆరోగ్యకర సంస్థలు",
            points="పాయింట్లు",
            start="ప్రారంభ స్థానం",
            unrounded="పూర్ణాంకానికి ముందు స్కోరు",
            history="ఇప్పటి వరకు స్కోర్లు",
            date="తేదీ",
            made="{at} వరకు ఉన్న ఆధారాల నుండి {version} మోడల్ లెక్కించింది. ఇది రుణ ప్రతిపాదన కాదు.",
            dispute="ఏ అంకెపైనైనా మీరు అభ్యంతరం చెప్పవచ్చు; దాన్ని సరిచేస్తే స్కోరు మళ్లీ లెక్కించబడుతుంది.",
            bands=_bands("చాలా తక్కువ ప్రమాదం", "తక్కువ ప్రమాదం", "మధ్యస్థ ప్రమాదం", "ఎక్కువ ప్రమాదం"),
        ),
        "kn": Headings(
            title="{name} ಅಂಕ ವರದಿ",
            score="ಅಂಕ, 300 ರಿಂದ 900",
            likely="ಬಹುಶಃ {low} ಮತ್ತು {high} ನಡುವೆ.",
            chance="ಒಂದು ವರ್ಷದಲ್ಲಿ 90 ದಿನ ಹಿಂದೆ ಬೀಳುವ ಸಾಧ್ಯತೆ: {pd}.",
            reasons="ಯಾವುದು ಸಹಾಯ ಮಾಡುತ್ತದೆ, ಯಾವುದು ತಗ್ಗಿಸುತ್ತದೆ",
            parts="ಅಂಶಗಳಲ್ಲಿ ಎಲ್ಲಾ ಭಾಗಗಳು",
            signal="ಸೂಚಕ",
            observed="ಕಂಡದ್ದು",
            peers="ಸದೃಢ ಸಂಸ್ಥೆಗಳು",
            points="ಅಂಶಗಳು",
            start="ಆರಂಭದ ಅಂಕ",
            unrounded="ಪೂರ್ಣಾಂಕಕ್ಕೆ ಮೊದಲಿನ ಅಂಕ",
            history="ಇದುವರೆಗಿನ ಅಂಕಗಳು",
            date="ದಿನಾಂಕ",
            made="{at} ವರೆಗಿನ ಪುರಾವೆಯಿಂದ {version} ಮಾದರಿ ಲೆಕ್ಕಹಾಕಿದೆ. ಇದು ಸಾಲದ ಪ್ರಸ್ತಾಪವಲ್ಲ.",
            dispute="ಯಾವುದೇ ಅಂಕಿಯನ್ನು ನೀವು ಪ್ರಶ್ನಿಸಬಹುದು; ಅದು ಸರಿಯಾದಾಗ ಅಂಕವನ್ನು ಮತ್ತೆ ಲೆಕ್ಕಹಾಕಲಾಗುತ್ತದೆ.",
            bands=_bands("ಅತಿ ಕಡಿಮೆ ಅಪಾಯ", "ಕಡಿಮೆ ಅಪಾಯ", "ಮಧ್ಯಮ ಅಪಾಯ", "ಹೆಚ್ಚಿನ ಅಪಾಯ"),
        ),
    }
)


ABLE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "en": "I can tell you your score, what helps it, what hurts it, how to raise it and how it changed.",
        "hi": "मैं बता सकता हूँ: आपका स्कोर, क्या मदद करता है, क्या घटाता है, कैसे बढ़ेगा और कैसे बदला।",
        "mr": "मी सांगू शकतो: तुमचा स्कोअर, काय मदत करते, काय कमी करते, कसा वाढेल आणि कसा बदलला.",
        "ta": "உங்கள் மதிப்பெண், எது உதவுகிறது, எது குறைக்கிறது, எப்படி உயர்த்துவது, எப்படி மாறியது என்று சொல்ல முடியும்.",
        "te": "మీ స్కోరు, ఏది సాయపడుతుంది, ఏది తగ్గిస్తుంది, ఎలా పెంచాలి, ఎలా మారింది అని చెప్పగలను.",
        "kn": "ನಿಮ್ಮ ಅಂಕ, ಯಾವುದು ಸಹಾಯ ಮಾಡುತ್ತದೆ, ಯಾವುದು ತಗ್ಗಿಸುತ್ತದೆ, ಹೇಗೆ ಹೆಚ್ಚಿಸುವುದು, ಹೇಗೆ ಬದಲಾಯಿತು ಎಂದು ಹೇಳಬಲ್ಲೆ.",
    }
)
"""Said when a question is not understood."""
