"""The languages that a release can be chosen to be in, by the codes that pages are marked with."""

KNOWN_LANGUAGES = {
    "en": "English",
    "zh": "Chinese (中文)",
    "ms": "Malay (Bahasa Melayu)",
    "ta": "Tamil (தமிழ்)",
    "ar": "Arabic (العربية)",
    "bn": "Bengali (বাংলা)",
    "my": "Burmese (မြန်မာ)",
    "zh-Hant": "Chinese, traditional (繁體中文)",
    "fil": "Filipino",
    "fr": "French (français)",
    "de": "German (Deutsch)",
    "hi": "Hindi (हिन्दी)",
    "id": "Indonesian (Bahasa Indonesia)",
    "it": "Italian (italiano)",
    "ja": "Japanese (日本語)",
    "km": "Khmer (ខ្មែរ)",
    "ko": "Korean (한국어)",
    "lo": "Lao (ລາວ)",
    "pt": "Portuguese (português)",
    "ru": "Russian (русский)",
    "es": "Spanish (español)",
    "th": "Thai (ไทย)",
    "vi": "Vietnamese (Tiếng Việt)",
}


def language_choices(present: str = "") -> list[tuple[str, str]]:
    """(code, name) for a menu, with the code that is chosen now (`present`) where it is another."""
    known = list(KNOWN_LANGUAGES.items())
    return known if not present or present in KNOWN_LANGUAGES else [(present, present), *known]
