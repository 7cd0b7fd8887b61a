// Hook: #result_list. On a phone the head of a list is not shown: each value says what it is instead.
const heads = [...document.querySelectorAll("#result_list thead th")].map(
  (head) => head.querySelector(".text")?.textContent.trim() ?? "",
);

for (const row of document.querySelectorAll("#result_list tbody tr")) {
  [...row.cells].forEach((cell, at) => {
    if (cell.matches("td:not(.action-checkbox)") && heads[at]) cell.dataset.l = heads[at];
  });
}
