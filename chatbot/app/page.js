// What the page does in the browser: tells the server what was clicked or typed, and keeps the newest message in view.
window.rapport = (() => {
  const key = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const find = (selector) => document.querySelector(selector);
  const withMouse = () => matchMedia("(hover: hover)").matches;
  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
  const region = () => find(".newest");
  const busy = () => region().getAttribute("aria-busy") === "true";

  // Actions go out one after another, each when the page tells that the last one came in, so that they stay in order.
  // Gradio now and then closes its stream of updates just as a new event joins it, and loses what the event sends.
  // So actions wait until a stream that ends has ended, and what seems lost is sent again: the server knows each
  // action by its number, carries it out once, and answers a repetition with the page as it is.
  const settling = 150; // milliseconds that a stream may take to close after its last update
  const hopeless = 20000; // milliseconds until a message that the server never took is put back into the box
  const line = [];
  let last = null;
  let number = 0;
  let unreceived = false;
  let updated = 0;
  let watchdog = 0;
  let newest = 0;

  function send(act, what, value) {
    number += 1;
    line.push({ act, data: { do: what, value, key, number } });
    next();
  }

  function next() {
    if (unreceived || !line.length) return;
    const rest = busy() ? 0 : updated + settling - Date.now();
    if (rest > 0) return void setTimeout(next, rest);
    last = line.shift();
    unreceived = true;
    transmit(1500);
  }

  function transmit(wait) {
    last.act({ ...last.data, returning: Boolean(find(".exchange")) });
    watch(wait);
  }

  function watch(wait) {
    clearTimeout(watchdog);
    watchdog = setTimeout(() => {
      if (!unreceived && !busy()) return;
      if (wait < hopeless / 2) return transmit(wait * 2);
      const box = find("#message");
      if (unreceived && last.data.do === "say" && !box.value) box.value = last.data.value;
      unreceived = false;
      next();
    }, wait);
  }

  function refreshed() {
    updated = Date.now();
    if (last) {
      unreceived = Number(region().dataset.received) < last.data.number;
      watch(3000);
    }
    follow();
    next();
  }

  function clicked(event, act) {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.toggle) {
      const open = document.body.classList.toggle("panel-open");
      button.setAttribute("aria-expanded", String(open));
    } else if (button.dataset.do) {
      send(act, button.dataset.do, button.dataset.value || "");
      if (button.dataset.do === "say" && withMouse()) find("#message").focus();
    }
  }

  function fit(box) {
    box.style.height = "auto";
    box.style.height = Math.min(box.scrollHeight + 2, innerHeight / 3) + "px";
  }

  function compose(form, act) {
    const box = form.querySelector("textarea");
    const submit = () => {
      send(act, "say", box.value);
      box.value = "";
      fit(box);
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      submit();
    });
    box.addEventListener("input", () => fit(box));
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      submit();
    });
    if (withMouse()) box.focus({ preventScroll: true });
  }

  function follow() {
    const shown = Number(region().dataset.number || 0);
    if (shown > Math.max(newest, 1)) region().scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" });
    if (newest && !shown) scrollTo(0, 0);
    newest = shown;
  }

  function attach(element, observe, act) {
    element.addEventListener("click", (event) => clicked(event, act));
    const form = element.querySelector("form.composer");
    if (form) compose(form, act);
    if (element.querySelector(".newest")) observe("value", refreshed);
  }

  return { attach };
})();
