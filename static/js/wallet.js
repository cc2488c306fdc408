// Wallets in the browser (EIP-6963, or the one at window.ethereum): take an address, sign a text. Without one, forms work by hand.

const found = [];
window.addEventListener("eip6963:announceProvider", ({ detail }) => {
  if (!found.some((known) => known.info.uuid === detail.info.uuid)) found.push(detail);
  show();
});
window.dispatchEvent(new Event("eip6963:requestProvider"));

const provider = () => found[0]?.provider || window.ethereum;

function show() {
  if (!provider()) return;
  for (const button of document.querySelectorAll("[data-connect], [data-sign]")) button.hidden = false;
}

function say(form, sentence) {
  form.querySelector("[data-wallet-note]").textContent = sentence;
}

async function account() {
  const [address] = await provider().request({ method: "eth_requestAccounts" });
  return address;
}

const hex = (text) => "0x" + [...new TextEncoder().encode(text)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

async function connect(form) {
  try {
    form.elements.address.value = await account();
    say(form, "The address is filled in. Choose the network and add it.");
  } catch {
    say(form, "The wallet gave no address. Type it in instead.");
  }
}

async function sign(form) {
  try {
    const address = await account();
    if (address.toLowerCase() !== form.dataset.address) return say(form, "The wallet shows another account. Switch to the one on this page.");
    const message = document.querySelector("[data-siwe]").textContent;
    form.elements.signature.value = await provider().request({ method: "personal_sign", params: [hex(message), address] });
    form.submit();
  } catch {
    say(form, "The wallet did not sign. Try again, or paste a signature.");
  }
  return undefined;
}

for (const form of document.querySelectorAll("form[data-add-wallet]")) form.querySelector("[data-connect]").addEventListener("click", () => connect(form));
for (const form of document.querySelectorAll("form[data-sign-wallet]")) form.querySelector("[data-sign]").addEventListener("click", () => sign(form));
show();
