// Hook: [data-toc], a list of links to headings of the page. Marks the one that is read now.
const BELOW_THE_BAR = 96;

function follow(list) {
  const links = new Map(
    [...list.querySelectorAll('a[href^="#"]')]
      .map((link) => [document.getElementById(decodeURIComponent(link.hash.slice(1))), link])
      .filter(([heading]) => heading),
  );
  let marked = null;

  function mark() {
    const read = [...links.keys()].filter(
      (heading) => heading.getBoundingClientRect().top <= BELOW_THE_BAR,
    );
    const link = links.get(read.at(-1));
    if (link === marked) return;
    marked?.removeAttribute("aria-current");
    link?.setAttribute("aria-current", "location");
    marked = link;
  }

  let waiting = false;
  addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      mark();
    });
  }, { passive: true });
  mark();
}

document.querySelectorAll("[data-toc]").forEach(follow);
