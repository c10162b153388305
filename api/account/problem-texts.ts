/** The sentence for each code of a refused action, in English. */
export const problemsInEnglish: Readonly<Record<string, string>> = {
  move_not_allowed: 'This is not possible right now.',
  subscription_over: 'This subscription has ended.',
  nothing_to_withdraw: 'There was nothing to undo.',
  moved_on: 'Your subscription has just changed. Check it and try again.',
  plan_unchanged: 'You already have this plan.',
  payment_pending: 'The invoice of this period is not paid yet. You can pause after it is paid.',
  addon_does_not_fit: 'An add-on of yours does not fit this plan. Please contact us.',
  quantity_in_use: 'More is in use than this change would leave. Free some first.',
  downgrade_not_now:
    'This period is already paid. The change can take effect at its end: choose the plan again.',
  plan_not_changeable: 'You cannot change between these two plans.',
  plan_not_found: 'This plan is no longer available.',
  subscription_exists: 'You already have a subscription.',
  checkout_already_paid: 'You have already paid. Reload the page.',
  payment_processing: 'Your bank is still confirming a payment; this can take some days.',
  collection_paused: 'This is not possible while nothing is charged. Please contact us.',
  customer_not_found: 'There is nothing to manage before your first payment.',
  payment_provider_rejected: 'The payment was not accepted. Try another card.',
}

/** The sentence for each code of a refused action, in Portuguese. */
export const problemsInPortuguese: Readonly<Record<string, string>> = {
  move_not_allowed: 'Isso não é possível agora.',
  subscription_over: 'Esta assinatura terminou.',
  nothing_to_withdraw: 'Não havia nada a desfazer.',
  moved_on: 'Sua assinatura acabou de mudar. Confira e tente de novo.',
  plan_unchanged: 'Você já tem este plano.',
  payment_pending: 'A fatura deste período ainda não foi paga. Pode pausar depois do pagamento.',
  addon_does_not_fit: 'Um de seus complementos não serve para este plano. Fale conosco.',
  quantity_in_use: 'Há mais em uso do que esta mudança deixaria. Libere alguns primeiro.',
  downgrade_not_now:
    'Este período já está pago. A mudança pode valer a partir do fim dele: escolha o plano de novo.',
  plan_not_changeable: 'Não é possível mudar entre estes dois planos.',
  plan_not_found: 'Este plano não está mais disponível.',
  subscription_exists: 'Você já tem uma assinatura.',
  checkout_already_paid: 'Você já pagou. Recarregue a página.',
  payment_processing:
    'O seu banco ainda está confirmando um pagamento; isso pode levar alguns dias.',
  collection_paused: 'Isso não é possível enquanto nada é cobrado. Entre em contato conosco.',
  customer_not_found: 'Não há nada para gerenciar antes do primeiro pagamento.',
  payment_provider_rejected: 'O pagamento não foi aceito. Tente outro cartão.',
}
