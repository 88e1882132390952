"""Fields written alike on both sides, as expressions that every engine answers the same."""

from __future__ import annotations

from functools import reduce

import ibis
import ibis.expr.types as ir

# Letters with marks, and the letters without; what has two letters comes by `_PAIRS`.
_MARKED = "ÀÁÂÃÄÅĀĂĄÇĆČĎÐÈÉÊËĒĖĘĚÌÍÎÏĪĮŁĽÑŃŇÒÓÔÕÖØŌŐŔŘŚŠȘŞŤȚŢÙÚÛÜŪŮŰŲÝŸŹŻŽĞİ"
_PLAIN = "AAAAAAAAACCCDDEEEEEEEEIIIIIILLNNNOOOOOOOORRSSSSTTTUUUUUUUUYYZZZGI"
_PAIRS = (("Æ", "AE"), ("Œ", "OE"), ("ß", "SS"), ("ẞ", "SS"), ("Þ", "TH"))
_TITLES = "MR|MRS|MS|MISS|MX|DR|REV|SIR|DAME|LADY|LORD|PROF|MASTER"
_SUFFIXES = "JR|SNR|JNR|SR|II|III|IV|ESQ"
_FEMALE = ("F", "FEMALE", "WOMAN", "GIRL", "W")
_MALE = ("M", "MALE", "MAN", "BOY")
_POSTCODE = "^[A-Z]{1,2}[0-9][0-9A-Z]?[0-9][A-Z]{2}$"
_PATTERN_OF_SECTOR = "[0-9][A-Z]{2}$"


def name(text: ir.StringValue) -> ir.StringValue:
    """A name in capitals: no accents, titles, generations or punctuation; hyphens are blanks.

    Apostrophes close up, so that O'Brien and OBrien are one. Nothing left is missing.
    """
    plain = reduce(lambda x, pair: x.replace(*pair), _PAIRS, text.upper())
    plain = plain.translate(_MARKED, _PLAIN)
    plain = plain.re_replace("['’`´.]", "")  # noqa: RUF001
    plain = plain.re_replace("[^A-Z]+", " ").strip()
    plain = plain.re_replace(f"^(({_TITLES}) )+", "").re_replace(f"( ({_SUFFIXES}))+$", "")
    return plain.strip().nullif("")


def postcode(text: ir.StringValue) -> ir.StringValue:
    """A postcode in capitals with one blank before its last three characters, if it has a form.

    What is not in a postcode's form is kept as it is, without blanks and punctuation: two
    files may have the same mistake.
    """
    bare = text.upper().re_replace("[^A-Z0-9]", "")
    # An O or I typed for a digit, or a digit for a letter, is left to the comparison.
    spaced = bare.substr(0, bare.length() - 3) + " " + bare.substr(bare.length() - 3, 3)
    return ibis.ifelse(bare.re_search(_POSTCODE), spaced, bare).nullif("")


def postcode_sector(code: ir.StringValue) -> ir.StringValue:
    """The postcode without its last two letters; missing where it has no postcode's form."""
    return ibis.ifelse(_has_form(code), code.substr(0, code.length() - 2), ibis.null("string"))


def postcode_district(code: ir.StringValue) -> ir.StringValue:
    """The postcode before its blank; missing where it has no postcode's form."""
    return ibis.ifelse(_has_form(code), code.substr(0, code.length() - 4), ibis.null("string"))


def _has_form(code: ir.StringValue) -> ir.BooleanValue:
    return code.re_search(f" {_PATTERN_OF_SECTOR}")


def gender(text: ir.StringValue) -> ir.StringValue:
    """female, male, or missing where the text says neither."""
    word = text.strip().upper()
    return ibis.cases((word.isin(_FEMALE), "female"), (word.isin(_MALE), "male"))


def identifier(text: ir.StringValue) -> ir.StringValue:
    """An identifier in capitals, without blanks and punctuation."""
    return text.upper().re_replace("[^A-Z0-9]", "").nullif("")


def words(text: ir.StringValue) -> ir.StringValue:
    """Free text in capitals, one blank between its words."""
    return text.upper().re_replace("[^A-Z0-9]+", " ").strip().nullif("")
