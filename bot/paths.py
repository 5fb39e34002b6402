"""Where the product's own files lie; everything it writes lies under the data directory of the settings."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOMAIN = ROOT / "bot" / "domain"
LOCALE = ROOT / "bot" / "locale"
WEB = ROOT / "bot" / "web"
DATA = ROOT / "data"
NLU = DATA / "nlu"
RULES = DATA / "rules"
CONSENT = DATA / "consent.yml"
LEXICON = DATA / "lexicon"
TUNED_WEIGHTS = DATA / "encoder" / "tuned.npz"
REGISTRY = DATA / "registry"
EVALUATION = DATA / "evaluation"
CONFIG = ROOT / "config.yml"
