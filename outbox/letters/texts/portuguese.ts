import { perPeriodInPortuguese } from '../../../domain/catalogue/period-words.ts'
import type { Language, Text } from '../language.ts'
import type { LetterFacts } from '../facts.ts'

const received = ({ paid, credit }: LetterFacts): string => {
  if (paid !== '' && credit !== '')
    return `Recebemos ${paid}, e ${credit} foi pago com o seu crédito.`
  if (paid !== '') return `Recebemos ${paid}.`
  return credit === ''
    ? 'Desta vez não havia nada a pagar.'
    : `${credit} foi pago com o seu crédito.`
}

const trialTerms = ({ plan, trialEnd, next, price }: LetterFacts): readonly string[] => {
  if (next.kind !== 'payment') return [`O período de teste de ${plan} termina em ${trialEnd}.`]
  const after = price === '' ? '' : `, e a partir daí ${price}`
  return [
    `Em ${trialEnd} vamos cobrar ${next.amount} no seu cartão por ${plan}${after}, a menos que cancele antes. Se cancelar, nada é cobrado.`,
    'Sem um cartão, a assinatura fica em pausa nesse dia e nada é cobrado.',
  ]
}

const charged = ({ paid, credit, creditAdded }: LetterFacts): string => {
  if (paid !== '') return ` Cobramos ${paid} pelo resto do período atual.`
  if (credit !== '') return ` ${credit} pelo resto do período atual foi pago com o seu crédito.`
  if (creditAdded !== '') return ` ${creditAdded} virou crédito, que paga as próximas faturas.`
  return ''
}

/** The letters in Portuguese. */
export const portuguese: Language = {
  per: perPeriodInPortuguese,
  rows: {
    plan: 'Plano',
    paid: 'Pago',
    due: 'Valor a pagar',
    tax: 'Impostos incluídos',
    refunded: 'Reembolsado',
    credit: 'Pago com o seu crédito',
    creditAdded: 'Adicionado ao seu crédito',
    invoice: 'Fatura',
    nextPayment: 'Próximo pagamento',
    ends: 'Termina',
    later: 'Depois',
    on: (amount, day) => `${amount} em ${day}`,
    from: (plan, price, day) => `${plan}${price === '' ? '' : `, ${price}`}, a partir de ${day}`,
  },
  links: { invoice: 'Ver a fatura', manage: 'Gerenciar ou cancelar a assinatura' },
  letters: {
    subscription_confirmed: (facts): Text => ({
      subject: `A sua assinatura ${facts.plan} está ativa`,
      paragraphs: [
        `Obrigado. A sua assinatura de ${facts.plan} está ativa.${facts.paid === '' && facts.credit === '' ? '' : ` ${received(facts)}`}`,
      ],
    }),
    trial_started: (facts): Text => ({
      subject: `O seu período de teste de ${facts.plan} começou`,
      paragraphs: [`Pode usar tudo de ${facts.plan} até ${facts.trialEnd}.`, ...trialTerms(facts)],
      manage: 'Gerenciar ou cancelar o teste',
    }),
    trial_ending: (facts): Text => ({
      subject: `O seu período de teste de ${facts.plan} termina em breve`,
      paragraphs: trialTerms(facts),
      manage: 'Gerenciar ou cancelar o teste',
    }),
    trial_converted: (facts): Text => ({
      subject: `A sua assinatura ${facts.plan} começou`,
      paragraphs: [
        `O período de teste terminou, e a sua assinatura de ${facts.plan} começou. ${received(facts)} Está paga até ${facts.periodEnd}.`,
      ],
    }),
    trial_refused: (facts): Text => ({
      subject: `O seu período de teste de ${facts.plan} não começou`,
      paragraphs: [
        'O período de teste é para quem ainda não teve um. Já houve um com este cartão, este e-mail ou esta conta.',
        facts.endedAt === ''
          ? `Por isso a sua assinatura de ${facts.plan} começou sem período de teste. ${received(facts)} Pode cancelar a qualquer momento.`
          : `Nada foi cobrado, e ${facts.plan} terminou. Pode assinar sem período de teste a qualquer momento.`,
      ],
      manage: facts.endedAt === '' ? 'Gerenciar ou cancelar a assinatura' : 'Assinar de novo',
    }),
    card_expiring: ({ plan, card }): Text => ({
      subject: `Atualize o seu cartão para ${plan}`,
      paragraphs: [
        `O seu cartão com final ${card.last4} tem a data de validade ${card.validUntil}. Por isso, o pagamento de ${plan} em ${card.missed} provavelmente vai falhar.`,
        'Adicione outro cartão antes desse dia, para que a sua assinatura continue.',
      ],
      manage: 'Usar outro cartão',
    }),
    subscription_renewed: (facts): Text => ({
      subject: `A sua assinatura ${facts.plan} foi renovada`,
      paragraphs: [`${received(facts)} ${facts.plan} está pago até ${facts.periodEnd}.`],
    }),
    payment_failed: ({ plan, amount, nextAttempt }): Text => ({
      subject: `O pagamento de ${plan} falhou`,
      paragraphs: [
        nextAttempt === ''
          ? `Não conseguimos cobrar ${amount} por ${plan} e não voltaremos a tentar automaticamente. Pode pagar na página abaixo.`
          : `Não conseguimos cobrar ${amount} por ${plan}. Vamos tentar de novo em ${nextAttempt}. Também pode pagar agora ou usar outro cartão.`,
      ],
      pay: 'Pagar agora',
    }),
    payment_action_required: ({ plan, amount }): Text => ({
      subject: `Confirme o pagamento de ${plan}`,
      paragraphs: [
        `O seu banco pede que confirme o pagamento de ${amount} por ${plan}. O pagamento só é concluído depois disso.`,
      ],
      pay: 'Confirmar o pagamento',
    }),
    invoice_issued: ({ plan, amount, dueDay }): Text => ({
      subject: `A sua fatura de ${plan}`,
      paragraphs: [
        `Esta é a sua fatura de ${plan}. ${amount} vence em ${dueDay}. Nada é cobrado automaticamente: pague-a até esse dia.`,
      ],
      pay: 'Ver e pagar a fatura',
    }),
    invoice_overdue: ({ plan, amount, dueDay }): Text => ({
      subject: `A sua fatura de ${plan} está vencida`,
      paragraphs: [
        `A fatura de ${plan} venceu em ${dueDay} e ${amount} ainda não foi pago. Pague-a para manter o acesso.`,
        'Se já a pagou, ignore esta mensagem.',
      ],
      pay: 'Ver e pagar a fatura',
    }),
    first_payment_failed: ({ plan }): Text => ({
      subject: `O seu banco recusou o pagamento de ${plan}`,
      paragraphs: [
        `O seu banco não confirmou o pagamento de ${plan}, por isso a assinatura não começou. Nada foi cobrado e não voltaremos a tentar.`,
        'Pode assinar de novo a qualquer momento, com outro meio de pagamento se preferir.',
      ],
      manage: 'Assinar de novo',
    }),
    payment_received: (facts): Text => ({
      subject: `Recebemos o seu pagamento de ${facts.plan}`,
      paragraphs: [
        `${received(facts)} Obrigado.`,
        `A sua assinatura de ${facts.plan} terminou em ${facts.endedAt} e continua terminada. Nada mais será cobrado. Pode assinar de novo a qualquer momento.`,
      ],
      manage: 'Assinar de novo',
    }),
    payment_refunded: ({ plan, amount }): Text => ({
      subject: 'Reembolsamos o seu pagamento',
      paragraphs: [
        `Reembolsamos ${amount} do seu pagamento de ${plan}. O valor aparece no seu banco em 5 a 10 dias úteis.`,
      ],
    }),
    access_lost: ({ plan, amount }): Text => ({
      subject: `O seu acesso a ${plan} está suspenso`,
      paragraphs: [
        `Não conseguimos cobrar ${amount} por ${plan}, por isso não pode usá-lo neste momento. Pague a fatura em aberto para voltar a usar.`,
      ],
      pay: 'Pagar agora',
    }),
    plan_changed: (facts): Text => ({
      subject: `O seu plano agora é ${facts.sold}`,
      paragraphs: [
        `A sua assinatura mudou${facts.planBefore === '' || facts.planBefore === facts.plan ? '' : ` de ${facts.planBefore}`} para ${facts.sold}.${charged(facts)}`,
      ],
    }),
    plan_change_scheduled: ({ sold, next }): Text => ({
      subject: `O seu plano vai mudar para ${next.plan}`,
      paragraphs: [
        `Você mantém ${sold} até ${next.day}. A partir daí tem ${next.plan}${next.price === '' ? ', que é grátis' : ` por ${next.price}`}. Nada é cobrado antes.`,
        'Se mudar de ideia, pode manter o plano atual até esse dia.',
      ],
    }),
    plan_change_dropped: ({ plan, droppedPlan, droppedBecause }): Text => ({
      subject: `A sua mudança para ${droppedPlan} não vai acontecer`,
      paragraphs: [
        `A sua assinatura ${plan} continua. Antes do cancelamento, estava marcada uma mudança para ${droppedPlan}. Essa mudança não vai acontecer, porque ${droppedBecause === 'time_passed' ? 'o dia dela já passou' : `${droppedPlan} não é mais oferecido nessas condições`}.`,
        'Pode escolher outro plano a qualquer momento.',
      ],
    }),
    cancellation_scheduled: ({ plan, next }): Text => ({
      subject: `A sua assinatura ${plan} vai terminar`,
      paragraphs: [
        `O seu cancelamento está confirmado. Pode usar ${plan} até ${next.day}, e a assinatura não será renovada.`,
        'Se mudar de ideia, pode manter a assinatura até esse dia.',
      ],
      manage: 'Manter a minha assinatura',
    }),
    subscription_paused: ({ plan, resumesAt }): Text => ({
      subject: `A sua assinatura ${plan} está em pausa`,
      paragraphs: [
        `${plan} está em pausa e nada é cobrado. ${resumesAt === '' ? 'Pode retomar a qualquer momento.' : `A assinatura é retomada em ${resumesAt}, ou antes, se quiser.`}`,
      ],
    }),
    subscription_resumed: ({ plan, periodEnd }): Text => ({
      subject: `A sua assinatura ${plan} está ativa de novo`,
      paragraphs: [`${plan} foi retomado. O período atual termina em ${periodEnd}.`],
    }),
    subscription_canceled: ({ plan }): Text => ({
      subject: `A sua assinatura ${plan} terminou`,
      paragraphs: [
        `${plan} terminou e não será renovado. Pode assinar de novo a qualquer momento.`,
      ],
      manage: 'Assinar de novo',
    }),
    quota_threshold: ({ plan, feature, threshold, usedAmount, quotaLimit, resetsAt }): Text => ({
      subject: `Já usou ${threshold}% de ${feature}`,
      paragraphs: [
        `Já usou ${usedAmount} de ${quotaLimit} do seu plano ${plan}.${resetsAt === '' ? '' : ` O uso reinicia em ${resetsAt}.`}`,
      ],
    }),
  },
}
