import type { NoticeKind } from '../../domain/customer/letter.ts'

/** What a text may mention; amounts and days are already in the reader's own form, empty where there are none. */
export type TextFacts = {
  readonly plan: string
  readonly price: string
  readonly periodEnd: string
  readonly trialEnd: string
  /** A feature by its name, and how far it is used up, in per cent. */
  readonly feature: string
  readonly threshold: number
  readonly usedAmount: string
  readonly quotaLimit: string
  /** The day on which counting begins anew; empty for never. */
  readonly resetsAt: string
  readonly nextAttempt: string
}

/** `action` names the link to the page where the bill can be paid, if the message has one. */
export type Text = { readonly subject: string; readonly body: string; readonly action?: string }
type Texts = Record<NoticeKind, (facts: TextFacts) => Text>

const english: Texts = {
  subscription_confirmed: ({ plan, price, periodEnd }) => ({
    subject: `Your ${plan} subscription is active`,
    body: `Thank you. ${plan} is active now, for ${price}. The current period ends on ${periodEnd}.`,
  }),
  trial_started: ({ plan, price, trialEnd }) => ({
    subject: `Your ${plan} trial has begun`,
    body: `You can use all of ${plan} until ${trialEnd}. After that it costs ${price}.`,
  }),
  trial_ending: ({ plan, price, trialEnd }) => ({
    subject: `Your ${plan} trial ends soon`,
    body: `Your trial of ${plan} ends on ${trialEnd}. If you go on, it costs ${price} from then.`,
  }),
  subscription_renewed: ({ plan, price, periodEnd }) => ({
    subject: `Your ${plan} subscription was renewed`,
    body: `We received ${price}. ${plan} goes on, and the new period ends on ${periodEnd}.`,
  }),
  payment_failed: ({ plan, price, nextAttempt }) => ({
    subject: `Your payment for ${plan} did not go through`,
    body:
      nextAttempt === ''
        ? `We could not collect ${price} for ${plan}, and do not try again by ourselves. You can pay on the page below.`
        : `We could not collect ${price} for ${plan}. It is tried again on ${nextAttempt}; you can also pay now, with another card if need be.`,
    action: 'Pay now',
  }),
  payment_action_required: ({ plan, price }) => ({
    subject: `Please confirm your payment for ${plan}`,
    body: `Your bank asks you to confirm the payment of ${price} for ${plan}. It does not go through before.`,
    action: 'Confirm the payment',
  }),
  plan_changed: ({ plan, price, periodEnd }) => ({
    subject: `Your plan is ${plan} now`,
    body: `Your subscription was changed to ${plan}, for ${price}. The current period ends on ${periodEnd}.`,
  }),
  subscription_paused: ({ plan }) => ({
    subject: `Your ${plan} subscription is paused`,
    body: `${plan} is paused, and nothing is charged meanwhile. It can be resumed at any time.`,
  }),
  subscription_resumed: ({ plan, periodEnd }) => ({
    subject: `Your ${plan} subscription goes on`,
    body: `${plan} is active again. The current period ends on ${periodEnd}.`,
  }),
  subscription_canceled: ({ plan }) => ({
    subject: `Your ${plan} subscription has ended`,
    body: `${plan} has ended and nothing more will be charged. You are welcome back at any time.`,
  }),
  quota_threshold: ({ plan, feature, threshold, usedAmount, quotaLimit, resetsAt }) => ({
    subject: `You have used ${threshold} % of ${feature}`,
    body: `${usedAmount} of ${quotaLimit} in your ${plan} plan are used.${resetsAt === '' ? '' : ` Counting starts anew on ${resetsAt}.`}`,
  }),
}

const portuguese: Texts = {
  subscription_confirmed: ({ plan, price, periodEnd }) => ({
    subject: `A sua assinatura ${plan} está ativa`,
    body: `Obrigado. ${plan} está ativo, por ${price}. O período atual termina em ${periodEnd}.`,
  }),
  trial_started: ({ plan, price, trialEnd }) => ({
    subject: `O seu período de teste de ${plan} começou`,
    body: `Pode usar tudo de ${plan} até ${trialEnd}. Depois disso custa ${price}.`,
  }),
  trial_ending: ({ plan, price, trialEnd }) => ({
    subject: `O seu período de teste de ${plan} está a terminar`,
    body: `O seu período de teste de ${plan} termina em ${trialEnd}. Se continuar, custa ${price} a partir daí.`,
  }),
  subscription_renewed: ({ plan, price, periodEnd }) => ({
    subject: `A sua assinatura ${plan} foi renovada`,
    body: `Recebemos ${price}. ${plan} continua, e o novo período termina em ${periodEnd}.`,
  }),
  payment_failed: ({ plan, price, nextAttempt }) => ({
    subject: `O pagamento de ${plan} não foi concluído`,
    body:
      nextAttempt === ''
        ? `Não conseguimos cobrar ${price} por ${plan} e não voltaremos a tentar automaticamente. Pode pagar na página abaixo.`
        : `Não conseguimos cobrar ${price} por ${plan}. Vamos tentar de novo em ${nextAttempt}; também pode pagar agora, com outro cartão se for preciso.`,
    action: 'Pagar agora',
  }),
  payment_action_required: ({ plan, price }) => ({
    subject: `Confirme o pagamento de ${plan}`,
    body: `O seu banco pede que confirme o pagamento de ${price} por ${plan}. Sem isso ele não é concluído.`,
    action: 'Confirmar o pagamento',
  }),
  plan_changed: ({ plan, price, periodEnd }) => ({
    subject: `O seu plano agora é ${plan}`,
    body: `A sua assinatura mudou para ${plan}, por ${price}. O período atual termina em ${periodEnd}.`,
  }),
  subscription_paused: ({ plan }) => ({
    subject: `A sua assinatura ${plan} está em pausa`,
    body: `${plan} está em pausa e nada é cobrado entretanto. Pode ser retomada a qualquer momento.`,
  }),
  subscription_resumed: ({ plan, periodEnd }) => ({
    subject: `A sua assinatura ${plan} continua`,
    body: `${plan} está ativo de novo. O período atual termina em ${periodEnd}.`,
  }),
  subscription_canceled: ({ plan }) => ({
    subject: `A sua assinatura ${plan} terminou`,
    body: `${plan} terminou e nada mais será cobrado. Será sempre bem-vindo de volta.`,
  }),
  quota_threshold: ({ plan, feature, threshold, usedAmount, quotaLimit, resetsAt }) => ({
    subject: `Já usou ${threshold} % de ${feature}`,
    body: `${usedAmount} de ${quotaLimit} do seu plano ${plan} estão usados.${resetsAt === '' ? '' : ` A contagem recomeça em ${resetsAt}.`}`,
  }),
}

/** The texts of a locale such as `pt-BR`; English where we have none of its language. */
export const textsFor = (locale: string): Texts =>
  locale.toLowerCase().startsWith('pt') ? portuguese : english
