"""What axe finds on a page, with no text judged twice.

A verdict on contrast hangs on the letters and on what is painted behind them, and takes most of
axe's time. Both are the same on many pages and at both widths, so that what axe has passed once is
left out from then on. What it could not judge (a picture behind, a single letter), and what lies
over something that is not around it, is asked about each time.
"""

import json
from pathlib import Path

import axe_playwright_python

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ALL = {"runOnly": {"type": "tag", "values": TAGS}}
COLOURS = {"runOnly": {"type": "rule", "values": ["link-in-text-block", "color-contrast"]}}
SCHEMES = {"light": ALL, "dark": COLOURS}  # nothing but colours differs between them

PASSED: set[str] = set()  # looks that axe has judged to be readable

START = (
    (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
    + f"\naxe.tags = {json.dumps(TAGS)};"
    + """
(() => {  // each colour is read once: one in oklch takes axe as long as all else of an element
  const {prototype} = axe.commons.color.Color, known = new Map(), read = prototype.parseString;
  prototype.parseString = function (text) {
    if (!known.has(text)) {
      read.call(this, text);
      known.set(text, [this.r, this.g, this.b, this.alpha]);
    }
    [this.r, this.g, this.b, this.alpha] = known.get(text);
    return this;
  };
})();
(() => {  // a selector is parsed once, and no tag is sorted that nobody asks for
  const {prototype} = axe.imports.CssSelectorParser, known = new Map(), {parse} = prototype;
  prototype.parse = function (selector) {
    if (!known.has(selector)) known.set(selector, parse.call(this, selector));
    return known.get(selector);
  };
  const kept = new Set([...axe.tags, "experimental", "deprecated"]);
  axe._audit.rules.forEach((rule) => { rule.tags = rule.tags.filter((tag) => kept.has(tag)); });
})();
(() => {  // contrast is judged of the letters asked about; those that passed are noted
  const rule = axe._audit.rules.find(({id}) => id === "color-contrast");
  const check = axe._audit.checks["color-contrast"];
  const {matches} = rule, {evaluate} = check;
  rule.matches = (element, ...more) => axe.asked.has(element) && matches(element, ...more);
  check.evaluate = function (element, ...more) {
    const {data} = this;
    let told;
    this.data = (found) => data(told = found);
    const passes = evaluate.call(this, element, ...more);
    if (passes && told?.contrastRatio) axe.passed.push(axe.looks.get(element));
    return passes;
  };
})();
axe.said = (found) => found.violations.flatMap((rule) => rule.nodes.map((node) =>
  `${rule.id}: ${node.html.slice(0, 160)} (${node.failureSummary})`));
null;"""
)

LOOKS = """() => {
  const moving = (animation) => animation.effect.getComputedTiming().iterations !== Infinity;
  document.getAnimations().filter(moving).forEach((animation) => animation.finish());
  const FIELDS = "input, select, textarea";
  const CLEAR = ["rgba(0, 0, 0, 0)", "none", "1", "none", "normal", "border-box"].join();
  const styles = new Map();
  const style = (element) => {
    if (!styles.has(element)) styles.set(element, getComputedStyle(element));
    return styles.get(element);
  };
  const paint = (element) => {
    const {backgroundColor, backgroundImage, opacity, filter, mixBlendMode, backgroundClip} =
      style(element);
    const paint = [backgroundColor, backgroundImage, opacity, filter, mixBlendMode, backgroundClip];
    return paint.join() === CLEAR ? "" : paint.join();
  };
  const all = [...document.querySelectorAll("*")];
  const paints = new Map(all.map((element) => [element, paint(element)]));
  const boxes = all
    .filter((element) => paints.get(element) || element.matches("img, svg, video, canvas, iframe"))
    .map((element) => [element, element.getBoundingClientRect()]);
  const meet = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 &&
    a.top < b.bottom - 1 && b.top < a.bottom - 1;
  const texts = (element) => [...element.childNodes].filter((node) => node.nodeType === 3);
  const lines = (node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    return [...range.getClientRects()];
  };
  const places = (element) => element.matches(FIELDS)
    ? [element.getBoundingClientRect()] : texts(element).flatMap(lines);
  const lies_over = (element) => places(element).some((place) =>
    boxes.some(([other, box]) => meet(place, box) && !other.contains(element)));
  const look = (element) => {
    const {color, fontSize, fontWeight, textShadow, webkitTextStrokeWidth} = style(element);
    const around = [];
    for (let each = element; each; each = each.parentElement) around.push(paints.get(each));
    const letters = [color, fontSize, fontWeight, textShadow, webkitTextStrokeWidth];
    return [...letters, ...around.filter(Boolean)].join("; ");
  };
  const has_letters = (element) => element.checkVisibility({visibilityProperty: true}) &&
    (element.matches(FIELDS) || texts(element).some((node) => node.data.trim()));
  axe.looks = new Map(all.filter(has_letters).map((element) =>
    [element, lies_over(element) ? "" : look(element)]));
  return [...new Set(axe.looks.values())];
}"""

RULES = """async ([options, asked]) => {
  const looks = new Set(asked);
  axe.asked = new Set([...axe.looks.keys()].filter((element) => looks.has(axe.looks.get(element))));
  axe.passed = [];
  const found = await axe.run(document, {...options, resultTypes: ["violations"], preload: false});
  return [axe.said(found), axe.passed];
}"""


def barriers(page, rules: dict = ALL, *, new_looks_only: bool = False) -> list[str]:
    """What hinders somebody on the page as it is now; or nothing, where each look was judged."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(START)
    asked = [look for look in page.evaluate(LOOKS) if look not in PASSED]
    if new_looks_only and not asked:
        return []
    said, passed = page.evaluate(RULES, [rules, asked])
    PASSED.update(filter(None, passed))
    return said
