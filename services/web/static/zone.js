// Offers the reader's own zone, so that one press on "Show" is enough. The page works without it.
const select = document.getElementById("zone");
const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (own && !new URLSearchParams(location.search).has("zone")) {
  if (![...select.options].some((option) => option.value === own)) {
    select.add(new Option(own.replaceAll("_", " "), own), 1);
  }
  select.value = own;
}
