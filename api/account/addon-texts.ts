/** The texts about add-ons, in English. */
export const ADDONS_IN_ENGLISH = {
  addons: 'Add-ons',
  chooseAddons: 'Choose your add-ons',
  addonsHint: 'Set how many you want of each; 0 removes one. You see the price before you confirm.',
  noAddons: 'There are no add-ons for your plan.',
  each: (price: string) => `${price} each`,
  quantity: 'Quantity',
  when: 'When',
  whenUsual: 'More today, less next period',
  whenLater: 'All from the next period',
  replacesPending: 'A change is already pending. A new change replaces it.',
  itemsKeptUntilThen:
    'This period is already paid, so you keep what you have until then. Nothing is credited.',
  undoChange: 'Undo this change',
  withAddons: (plan: string, addons: string) => `${plan} with ${addons}`,
  withoutAddons: (plan: string) => `${plan} without add-ons`,
}

/** The same in Portuguese. */
export const ADDONS_IN_PORTUGUESE: typeof ADDONS_IN_ENGLISH = {
  addons: 'Complementos',
  chooseAddons: 'Escolha seus complementos',
  addonsHint:
    'Escolha quantos quer de cada um; 0 remove o complemento. Você vê o preço antes de confirmar.',
  noAddons: 'Não há complementos para o seu plano.',
  each: (price) => `${price} cada`,
  quantity: 'Quantidade',
  when: 'Quando',
  whenUsual: 'Mais hoje, menos no próximo período',
  whenLater: 'Tudo a partir do próximo período',
  replacesPending: 'Já há uma mudança pendente. Uma nova mudança a substitui.',
  itemsKeptUntilThen:
    'Este período já está pago, por isso você mantém o que tem até lá. Nada é creditado.',
  undoChange: 'Desfazer esta mudança',
  withAddons: (plan, addons) => `${plan} com ${addons}`,
  withoutAddons: (plan) => `${plan} sem complementos`,
}
