"""placeholder until CONTENT writes it"""
import hashlib, re
class PermalinkError(ValueError): ...
def normalise(path): return re.sub(r"/{2,}", "/", "/" + path.lstrip("/"))
def digest(path): return hashlib.sha256(path.encode()).hexdigest()
def fold(path): return path.casefold().rstrip("/")
