import type { ProblemWords } from './words.ts'

/** Problems about customers, their subscriptions and their usage. */
export const SUBSCRIPTION_PROBLEMS = {
  plan_not_found: {
    team: 'This plan does not exist or is not on sale.',
    en: 'This plan is no longer available.',
    pt: 'Este plano não está mais disponível.',
  },
  subscription_not_found: {
    team: 'This subscription does not exist.',
    en: 'This subscription no longer exists. Reload the page.',
    pt: 'Esta assinatura não existe mais. Recarregue a página.',
  },
  customer_not_found: {
    team: 'This customer has never paid, so Stripe does not know them.',
    en: 'There is nothing to manage before your first payment.',
    pt: 'Não há nada para gerenciar antes do primeiro pagamento.',
  },
  reservation_not_found: {
    team: 'This reservation does not exist.',
  },
  reservation_expired: {
    team: 'This reservation has expired.',
  },
  reservation_closed: {
    team: 'This reservation is already settled.',
  },
  subscription_exists: {
    team: 'This customer already has a subscription. Change its plan instead.',
    en: 'You already have a subscription.',
    pt: 'Você já tem uma assinatura.',
  },
  checkout_already_paid: {
    team: 'The customer has just paid. Reload the page.',
    en: 'You have already paid. Reload the page.',
    pt: 'Você já pagou. Recarregue a página.',
  },
  payment_processing: {
    team: 'The customer’s bank is still confirming a payment, which can take some days. Try again afterwards.',
    en: 'Your bank is still confirming a payment; this can take some days.',
    pt: 'O seu banco ainda está confirmando um pagamento; isso pode levar alguns dias.',
  },
  collection_paused: {
    team: 'Collection is paused at Stripe, so this could not be charged. Resume it there first.',
    en: 'This is not possible while nothing is charged. Please contact us.',
    pt: 'Isso não é possível enquanto nada é cobrado. Entre em contato conosco.',
  },
  subscription_over: {
    team: 'This subscription has ended and accepts no further changes.',
    en: 'This subscription has ended.',
    pt: 'Esta assinatura terminou.',
  },
  move_not_allowed: {
    team: 'The subscription’s status does not allow this. Reload the page.',
    en: 'This is not possible right now.',
    pt: 'Isso não é possível agora.',
  },
  nothing_to_withdraw: {
    team: 'Nothing is pending, so there is nothing to withdraw.',
    en: 'There was nothing to undo.',
    pt: 'Não havia nada a desfazer.',
  },
  plan_unchanged: {
    team: 'The subscription already has this plan and quantity.',
    en: 'You already have this plan.',
    pt: 'Você já tem este plano.',
  },
  checkout_required: {
    team: 'The customer has no card here, so they must buy this plan themselves.',
    en: 'This plan needs a payment. Choose it again to continue to the payment page.',
    pt: 'Este plano precisa de um pagamento. Escolha-o de novo para ir à página de pagamento.',
  },
  plan_not_changeable: {
    team: 'The subscription cannot change to this plan. Choose another plan.',
    en: 'You cannot change between these two plans.',
    pt: 'Não é possível mudar entre estes dois planos.',
  },
  addon_does_not_fit: {
    team: 'An add-on of the subscription does not fit the plan.',
    en: 'An add-on of yours does not fit this plan. Remove it first.',
    pt: 'Um de seus complementos não serve para este plano. Remova-o primeiro.',
  },
  pays_by_invoice: {
    team: 'The customer pays by invoice, so their own change can take effect only at the end of the period.',
    en: 'You pay by invoice, so this change can take effect only at the end of the period.',
    pt: 'Você paga por fatura, por isso esta mudança só pode valer no fim do período.',
  },
  nothing_to_collect: {
    team: 'The plan is free, so there are no invoices to send.',
  },
  change_pending: {
    team: 'A plan change is pending, which would undo this. Withdraw it first.',
  },
  quantity_in_use: {
    team: 'More units are in use than the change would leave.',
    en: 'More is in use than this change would leave. Free some first.',
    pt: 'Há mais em uso do que esta mudança deixaria. Libere alguns primeiro.',
  },
  downgrade_not_now: {
    team: 'A downgrade takes effect at the end of the paid period.',
    en: 'This period is already paid. The change can take effect at its end: choose the plan again.',
    pt: 'Este período já está pago. A mudança pode valer a partir do fim dele: escolha o plano de novo.',
  },
  offer_ends: {
    team: 'The offer ends with this period, so the change cannot be withdrawn.',
    en: 'Your price is an offer that ends with this period. Choose another plan, or cancel.',
    pt: 'Seu preço é uma oferta que termina com este período. Escolha outro plano ou cancele.',
  },
  plan_unclear: {
    team: 'Stripe’s items do not show which one is the plan. Remove the extra item at Stripe, or assign its price to a plan.',
    en: 'Your subscription needs our attention before this is possible. Please contact us.',
    pt: 'Precisamos verificar sua assinatura antes disso. Entre em contato conosco.',
  },
  grows_in_trial: {
    team: 'The quantity cannot grow during a trial. End the trial first.',
    en: 'You can add more during a trial only after you end it.',
    pt: 'Para adicionar mais durante o período de teste, encerre-o primeiro.',
  },
  payment_pending: {
    team: 'The invoice of this period is not paid yet. Pause after it is paid.',
    en: 'The invoice of this period is not paid yet. You can pause after it is paid.',
    pt: 'A fatura deste período ainda não foi paga. Pode pausar depois do pagamento.',
  },
  payment_method_required: {
    team: 'This is charged now, and the customer has no card. Ask them to add one on their account page.',
    en: 'This is charged now, and we have no card of yours. Add one under payment, then try again.',
    pt: 'Isto é cobrado agora, e não temos um cartão seu. Adicione um em pagamento e tente de novo.',
  },
  moved_on: {
    team: 'Something has changed since this page was opened. Nothing was done: review it again.',
    en: 'Your subscription has just changed. Check it and try again.',
    pt: 'Sua assinatura acabou de mudar. Confira e tente de novo.',
  },
} as const satisfies Record<string, ProblemWords>
