"""
Two hundred texts on which the local embedder is compared with its reference.

Made from a seed with nothing but `Random.random`, whose numbers no Python version
changes. They mean little; they are varied in what a tokenizer and a model can get
wrong: length, letters, scripts, punctuation, code, numbers, broken words.
"""

from random import Random


COUNT = 200
SEED = 20_260_101


def _words(*lines: str) -> tuple[str, ...]:
    """Return what stands between single blanks; other white space is part of a word."""
    return tuple(" ".join(lines).split(" "))


PROSE = _words(
    "the a every this our no which if while because employee manager contract holiday leave parental expense",
    "receipt invoice travel budget server backup password token gateway latency cluster replica queue release",
    "approve request submit rotate restore deploy monitor escalate archive review sign encrypt quickly never",
    "within before after unless thirty ninety two days weeks hours percent kitchen printer badge reception",
    "warehouse forklift carbon audit committee quarterly overtime pension insurance onboarding probation notice",
)
SCRIPTS = _words(
    "naïve café Zürich Straße señor façade Ærø smörgåsbord żółć Đorđe İstanbul ΑΘΗΝΑ λόγος Москва договор отпуск",
    "שלום חופשה مرحبا إجازة 日本語 休暇 計画書 한국어 휴가 สวัสดี हिन्दी ﬁle ½ № ™ … “quoted” ‘single’ — – •",
    "→ ≥ € £ ¥ 𝔘𝔫𝔦 👍 🚀 👩\u200d💻 🇨🇭 e\u0301cole A\u030angstro\u0308m",
    "\u200bzero\u200dwidth soft\u00adhyphen non\u00a0breaking",
)
CODE = _words(
    "def f(x): return x**2 -> Optional[int] {'key': None} <div class=\"row\"> SELECT * FROM t WHERE id=42;",
    "curl -X POST http://localhost:8080/v1/items?page=3&sort=desc kubectl get pods -n prod | grep Error",
    "git commit -m 'fix' /etc/hosts C:\\Temp\\new.txt snake_case_name camelCaseName CONSTANT_VALUE 0xDEADBEEF",
    "user@example.org #channel @someone $PATH ${HOME} %s [link](#anchor) `inline` ```block``` && || != <= ::",
)
NUMBERS = _words("7 42 1,024 3.14159 -273.15 1e-9 2026-03-01 12:30 99.9% 10^6 §4.2 (iii) +41 44 000 00 00 v1.2.3-rc.1")
MARKS = (".", ",", ";", ":", "!", "?", " -", "...", ")", "\n", "\n\n", "\t", " | ")
SYLLABLES = _words("ba ke li mo nu pra ster vex qui zon thal ip or en um ash")


def parity_texts() -> list[str]:
    """Return the two hundred texts; the first twelve are short oddities, fifty-two exceed 256 tokens."""
    chance = Random(SEED)
    oddities = ["", " ", "?", "a", "A", "\n", "Hello, world!", "x" * 101, "x" * 1000, "…", "[SEP]", "no " * 600]
    return oddities + [_text(chance) for _ in range(COUNT - len(oddities))]


def _text(chance: Random) -> str:
    """Return one text of 1 to 600 words, short ones as likely as long ones."""
    count = int(600 ** chance.random())
    flavour = chance.random()
    return "".join(_word(chance, flavour) for _ in range(count)).strip()


def _word(chance: Random, flavour: float) -> str:
    """Return a word with what follows it; the higher the flavour, the stranger."""
    kind = chance.random()
    if kind > flavour:
        word = _one_of(PROSE, chance)
    else:
        word = _one_of(
            (_one_of(SCRIPTS, chance), _one_of(CODE, chance), _one_of(NUMBERS, chance), _made(chance)), chance
        )
    if chance.random() < 0.1:
        word = word.upper() if chance.random() < 0.5 else word.capitalize()
    return word + (_one_of(MARKS, chance) if chance.random() < 0.15 else "") + " "


def _made(chance: Random) -> str:
    """Return a word that no dictionary has, two to nine syllables long."""
    return "".join(_one_of(SYLLABLES, chance) for _ in range(2 + int(8 * chance.random())))


def _one_of(choices: tuple[str, ...], chance: Random) -> str:
    """Return one of the choices, each as likely."""
    return choices[int(len(choices) * chance.random())]
