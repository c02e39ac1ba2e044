# Makes vectors.json: signatures of JOS calls, computed apart from the program.
#
#   python3 open/jos/testdata/vectors.py > open/jos/testdata/vectors.json
import hashlib
import json

SECRET = "mms_3q2-7wAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBk"


def vector(name, params, signed=None):
    pieces = "".join(k + v for k, v in sorted((params if signed is None else signed).items()))
    text = SECRET + pieces + SECRET
    return {"name": name, "params": params, "text": text, "sign": hashlib.md5(text.encode("utf-8")).hexdigest().upper()}


base = {"app_key": "key_01JZ4T8K5N3Q0V9W2X7Y6R1M4C", "v": "2.0", "method": "jingdong.miniapp.mixUserInfo", "timestamp": "2026-06-18 08:00:00"}
body = json.dumps({"code": "c0de"}, separators=(",", ":"))
java = {**base, "timestamp": "2026-06-18 08:00:00.123+0800", "360buy_param_json": body}
print(json.dumps([
    vector("the documented call", {**base, "360buy_param_json": body}),
    vector("without parameters of the method", base),
    vector("version 1.0 with format and sign_method", {**base, "v": "1.0", "format": "json", "sign_method": "md5", "360buy_param_json": body}),
    vector("version 1.0 with param_json", {**base, "v": "1.0", "format": "json", "sign_method": "md5", "param_json": body}),
    vector("with an access token", {**base, "access_token": "joa_x", "360buy_param_json": body}),
    vector("Chinese, blanks, plus and percent", {**base, "360buy_param_json": '{"code":"c0de","description":"新版本 1+1 100%&=?"}'}),
    vector("as Python's json.dumps writes it", {**base, "360buy_param_json": json.dumps({"code": "c0de", "description": "新版"})}),
    vector("an empty value is signed by its name", {**base, "access_token": "", "360buy_param_json": body}),
    vector("an empty value left out, as Java's client does", {**base, "access_token": "", "360buy_param_json": body}, {**base, "360buy_param_json": body}),
    vector("the unsigned parameter other of Java's client", {**java, "other": "x"}, java),
    vector("names that begin alike", {**base, "v2": "a", "va": "b", "V": "c", "360buy_param_json": body}),
    vector("the timestamp of PHP's client", {**base, "timestamp": "2026-06-18 08:00:00.000+0800", "360buy_param_json": body}),
    vector("another zone", {**base, "timestamp": "2026-06-18 00:00:00.000+0000", "360buy_param_json": body}),
], ensure_ascii=False, indent=1))
