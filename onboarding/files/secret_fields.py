"""Which fields people type secrets into: told by type, autocomplete and name, in any language."""

import re

# Parts of words: Benutzerpasswort, jelszót. A dot is any sign or none of them.
ANYWHERE = """
passw passphrase passcode pwd kennwort contrase senha clave mot.?de.?passe parola hasło haslo heslo
jelsz şifre sifre salasana lösenord losenord adgangskod wachtwoord geslo lozink lykilorð slaptaž
mật.khẩu mat.khau kata.sandi парол лозинк κωδικ συνθηματικ סיסמ 密码 密碼 口令 パスワード 暗証 暗号
비밀번호 암호 رمز كلمة گذرواژه รหัส पासवर्ड
secret credential geheim secreto segredo segreto sekret token jeton schlüssel schluessel sleutel
klucz kľúč klíč avain kulcs anahtar chiave chave llave nyckel nøgle ключ κλειδ código codigo codice
код 验证码 驗證碼 認証 コード 인증 코드 キー 鍵 密钥 金鑰 令牌 トークン 토큰 مفتاح מפתח קוד
current.password new.password one.time.code cc.number cc.csc
"""
WHOLE = (
    *("pin", "tan", "puk", "otp", "totp", "mfa", "2fa", "cvc", "cvv", "csc", "auth"),
    *("clé", "cle", "kod", "koden", "kód"),
)
ENDS = ("codes?", "keys?")  # of words: Einmalcode, apikey
_NEXT = r"(?![^\W\d_])"
SECRET = re.compile(
    rf"{'|'.join(ANYWHERE.split())}|(?<![^\W\d_])(?:{'|'.join(WHOLE)}){_NEXT}|(?:{'|'.join(ENDS)}){_NEXT}"
)
HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
BETWEEN = re.compile(r"[_\W]+")


def is_secret(*told: object) -> bool:
    """Whether what is known of a field (selectors, names, attributes) says that it has secrets."""
    return any(SECRET.search(_words(each)) for each in _texts(told))


def _words(text: str) -> str:
    """`#apiKey` and `api_key` as words in small letters."""
    return BETWEEN.sub(" ", HUMP.sub(" ", text)).casefold()


def _texts(told: object):
    if isinstance(told, str):
        yield told
    elif isinstance(told, dict):
        for name, value in told.items():
            yield f"{name} {value}" if isinstance(value, str) else str(name)
            yield from _texts(value)
    elif isinstance(told, list | tuple):
        for each in told:
            yield from _texts(each)
