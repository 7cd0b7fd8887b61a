// Hook: form[data-seen]. Sends for how many seconds the page was visible: at once that it was
// looked at, then whenever it is hidden or left. What is not sent counts as not seen.
const EVERY = 60_000;

function follow(form) {
  let since = document.hidden ? null : performance.now();
  let kept = 0;

  function pause() {
    if (since !== null) kept += performance.now() - since;
    since = null;
  }

  function send() {
    const seconds = Math.floor(kept / 1000);
    kept -= seconds * 1000;
    const body = new FormData(form);
    body.set("seconds", String(seconds));
    navigator.sendBeacon(form.action, body);
  }

  function hide() {
    pause();
    if (kept >= 1000) send();
  }

  function show() {
    if (!document.hidden && since === null) since = performance.now();
  }

  document.addEventListener("visibilitychange", () => (document.hidden ? hide() : show()));
  addEventListener("pagehide", hide);
  addEventListener("pageshow", show);
  setInterval(() => {
    if (document.hidden) return;
    hide();
    show();
  }, EVERY);
  if (!document.hidden) send();
}

document.querySelectorAll("form[data-seen]").forEach(follow);
