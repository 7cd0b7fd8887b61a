"""What axe finds on a page, with no text judged twice.

A verdict on contrast hangs on the letters and on what is painted behind them, and takes most of
axe's time. Both are the same on many pages and at both widths, so that what axe has passed once is
left out from then on. Where letters lie over something that is not around them, its place beside
them belongs to their look. What axe could not judge (a single letter, a photograph) is asked about
each time, but for letters on a drawn background, such as the arrow of a list: of them it never says
anything.
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
    axe.passed_over.get(innerWidth).delete(element);
    this.data = (found) => data(told = found);
    const passes = evaluate.call(this, element, ...more);
    const on_drawing = passes === undefined && told?.messageKey === "bgImage";
    if ((passes && told?.contrastRatio) || on_drawing) axe.passed.push(axe.looks.get(element));
    return passes;
  };
})();
axe.known = new Set();
axe.passed_over = new Map();  // width -> letters that nobody sees, whatever the colours
axe.said = (found) => found.violations.flatMap((rule) => rule.nodes.map((node) =>
  `${rule.id}: ${node.html.slice(0, 160)} (${node.failureSummary})`));
null;"""
)

JUDGE = """async ([options, new_looks_only]) => {
  if (!window.axe) return null;
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
  const beside = (place, box) => ["left", "top", "right", "bottom"].map((side) =>
    Math.round(box[side] - place[side]));
  const painted = (other) => paints.get(other) ||
    (other.matches("svg.icon") ? other.innerHTML : "picture");
  const over = (element) => places(element).flatMap((place) => boxes
    .filter(([other, box]) => meet(place, box) && !other.contains(element))
    .map(([other, box]) => [painted(other), style(other).position, style(other).zIndex,
      element.compareDocumentPosition(other), place.width, place.height, ...beside(place, box)]));
  const look = (element) => {
    const {color, fontSize, fontWeight, textShadow, webkitTextStrokeWidth} = style(element);
    const around = [];
    for (let each = element; each; each = each.parentElement) around.push(paints.get(each));
    const letters = [color, fontSize, fontWeight, textShadow, webkitTextStrokeWidth];
    const others = over(element);
    const is_known = others.every(([paint]) => paint !== "picture");
    return is_known ? [...letters, ...around.filter(Boolean), ...others].join("; ") : "";
  };
  const has_letters = (element) => element.checkVisibility({visibilityProperty: true}) &&
    (element.matches(FIELDS) || texts(element).some((node) => node.data.trim()));
  axe.looks = new Map(all.filter(has_letters).map((element) => [element, look(element)]));
  if (!axe.passed_over.has(innerWidth)) axe.passed_over.set(innerWidth, new Set());
  const passed_over = axe.passed_over.get(innerWidth);
  const is_hidden = (element) => new_looks_only && passed_over.has(element);
  const is_new = ([element, look]) => !axe.known.has(look) && !is_hidden(element);
  axe.asked = new Set([...axe.looks].filter(is_new).map(([element]) => element));
  axe.passed = [];
  if (new_looks_only && !axe.asked.size) return [[], []];
  axe.asked.forEach((element) => passed_over.add(element));
  const found = await axe.run(document, {...options, resultTypes: ["violations"], preload: false});
  const passed = axe.passed.filter(Boolean);
  passed.forEach((look) => axe.known.add(look));
  return [axe.said(found), passed];
}"""
KNOW = "(looks) => { axe.known = new Set(looks); }"


def barriers(page, rules: dict = ALL, *, new_looks_only: bool = False) -> list[str]:
    """What hinders somebody on the page as it is now; or nothing, where each look was judged."""
    found = page.evaluate(JUDGE, [rules, new_looks_only])
    if found is None:
        page.evaluate(START)
        page.evaluate(KNOW, [*PASSED])
        found = page.evaluate(JUDGE, [rules, new_looks_only])
    said, passed = found
    PASSED.update(passed)
    return said
