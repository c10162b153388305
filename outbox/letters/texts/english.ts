import { perPeriodInEnglish } from '../../../domain/catalogue/period-words.ts'
import type { Language, Text } from '../language.ts'
import type { LetterFacts } from '../facts.ts'

const received = ({ paid, credit }: LetterFacts): string => {
  if (paid !== '' && credit !== '')
    return `We received ${paid}, and ${credit} was paid from your credit.`
  if (paid !== '') return `We received ${paid}.`
  return credit === '' ? 'Nothing was due this time.' : `${credit} was paid from your credit.`
}

const trialTerms = ({ plan, trialEnd, next, price }: LetterFacts): readonly string[] => {
  if (next.kind !== 'payment') return [`Your trial of ${plan} ends on ${trialEnd}.`]
  const after = price === '' ? '' : `, and from then on ${price}`
  return [
    `On ${trialEnd} your card will be charged ${next.amount} for ${plan}${after}, unless you cancel before. If you cancel, nothing is charged.`,
    'Without a card, the subscription pauses on that day and nothing is charged.',
  ]
}

const charged = ({ paid, credit, creditAdded }: LetterFacts): string => {
  if (paid !== '') return ` We charged ${paid} for the rest of the current period.`
  if (credit !== '')
    return ` ${credit} for the rest of the current period was paid from your credit.`
  if (creditAdded !== '')
    return ` ${creditAdded} was added to your credit, which pays your next invoices.`
  return ''
}

/** The letters in English. */
export const english: Language = {
  per: perPeriodInEnglish,
  rows: {
    plan: 'Plan',
    paid: 'Paid',
    due: 'Amount due',
    tax: 'Tax included',
    refunded: 'Refunded',
    credit: 'Paid from your credit',
    creditAdded: 'Added to your credit',
    invoice: 'Invoice',
    nextPayment: 'Next payment',
    ends: 'Ends',
    later: 'Then',
    on: (amount, day) => `${amount} on ${day}`,
    from: (plan, price, day) => `${plan}${price === '' ? '' : `, ${price}`}, from ${day}`,
  },
  links: { invoice: 'View the invoice', manage: 'Manage or cancel your subscription' },
  letters: {
    subscription_confirmed: (facts): Text => ({
      subject: `Your ${facts.plan} subscription is active`,
      paragraphs: [
        `Thank you. Your subscription to ${facts.plan} is active.${facts.paid === '' && facts.credit === '' ? '' : ` ${received(facts)}`}`,
      ],
    }),
    trial_started: (facts): Text => ({
      subject: `Your ${facts.plan} trial has started`,
      paragraphs: [
        `You can use all of ${facts.plan} until ${facts.trialEnd}.`,
        ...trialTerms(facts),
      ],
      manage: 'Manage or cancel your trial',
    }),
    trial_ending: (facts): Text => ({
      subject: `Your ${facts.plan} trial ends soon`,
      paragraphs: trialTerms(facts),
      manage: 'Manage or cancel your trial',
    }),
    trial_converted: (facts): Text => ({
      subject: `Your ${facts.plan} subscription has started`,
      paragraphs: [
        `Your trial has ended, and your subscription to ${facts.plan} has started. ${received(facts)} It is paid until ${facts.periodEnd}.`,
      ],
    }),
    trial_refused: (facts): Text => ({
      subject: `Your ${facts.plan} trial did not start`,
      paragraphs: [
        'A trial is for people who have not had one. One was started before with this card, this e-mail address or this account.',
        facts.endedAt === ''
          ? `So your subscription to ${facts.plan} began without a trial. ${received(facts)} You can cancel at any time.`
          : `We charged nothing, and ${facts.plan} has ended. You can subscribe without a trial at any time.`,
      ],
      manage: facts.endedAt === '' ? 'Manage or cancel your subscription' : 'Subscribe again',
    }),
    card_expiring: ({ plan, card }): Text => ({
      subject: `Please update your card for ${plan}`,
      paragraphs: [
        `Your card ending in ${card.last4} has the expiry date ${card.validUntil}. So the payment for ${plan} on ${card.missed} will probably fail.`,
        'Please add another card before that day, so that your subscription continues.',
      ],
      manage: 'Use another card',
    }),
    subscription_renewed: (facts): Text => ({
      subject: `Your ${facts.plan} subscription was renewed`,
      paragraphs: [`${received(facts)} ${facts.plan} is paid until ${facts.periodEnd}.`],
    }),
    payment_failed: ({ plan, amount, nextAttempt }): Text => ({
      subject: `Your payment for ${plan} failed`,
      paragraphs: [
        nextAttempt === ''
          ? `We could not collect ${amount} for ${plan}, and we will not try again automatically. You can pay on the page below.`
          : `We could not collect ${amount} for ${plan}. We will try again on ${nextAttempt}. You can also pay now or use another card.`,
      ],
      pay: 'Pay now',
    }),
    payment_action_required: ({ plan, amount }): Text => ({
      subject: `Please confirm your payment for ${plan}`,
      paragraphs: [
        `Your bank asks you to confirm the payment of ${amount} for ${plan}. The payment is not complete until you do.`,
      ],
      pay: 'Confirm the payment',
    }),
    invoice_issued: ({ plan, amount, dueDay }): Text => ({
      subject: `Your invoice for ${plan}`,
      paragraphs: [
        `Here is your invoice for ${plan}. ${amount} is due on ${dueDay}. Nothing is charged automatically: please pay it by that day.`,
      ],
      pay: 'View and pay the invoice',
    }),
    invoice_overdue: ({ plan, amount, dueDay }): Text => ({
      subject: `Your invoice for ${plan} is overdue`,
      paragraphs: [
        `The invoice for ${plan} was due on ${dueDay}, and ${amount} is not paid yet. Please pay it, so that you keep your access.`,
        'If you have paid it already, please ignore this letter.',
      ],
      pay: 'View and pay the invoice',
    }),
    first_payment_failed: ({ plan }): Text => ({
      subject: `Your payment for ${plan} was refused by your bank`,
      paragraphs: [
        `Your bank did not confirm the payment for ${plan}, so the subscription has not started. Nothing was charged, and we will not try again.`,
        'You can subscribe again at any time, with another payment method if you like.',
      ],
      manage: 'Subscribe again',
    }),
    payment_received: (facts): Text => ({
      subject: `We received your payment for ${facts.plan}`,
      paragraphs: [
        `${received(facts)} Thank you.`,
        `Your subscription to ${facts.plan} ended on ${facts.endedAt} and stays ended. Nothing more will be charged. You can subscribe again at any time.`,
      ],
      manage: 'Subscribe again',
    }),
    payment_refunded: ({ plan, amount }): Text => ({
      subject: 'We refunded your payment',
      paragraphs: [
        `We refunded ${amount} of your payment for ${plan}. Your bank shows it within 5 to 10 business days.`,
      ],
    }),
    access_lost: ({ plan, amount }): Text => ({
      subject: `Your access to ${plan} is suspended`,
      paragraphs: [
        `We could not collect ${amount} for ${plan}, so you cannot use it at the moment. Pay the open invoice to use it again.`,
      ],
      pay: 'Pay now',
    }),
    plan_changed: (facts): Text => ({
      subject: `Your plan is now ${facts.sold}`,
      paragraphs: [
        `Your subscription was changed${facts.planBefore === '' || facts.planBefore === facts.plan ? '' : ` from ${facts.planBefore}`} to ${facts.sold}.${charged(facts)}`,
      ],
    }),
    plan_change_scheduled: ({ sold, next }): Text => ({
      subject: `Your plan will change to ${next.plan}`,
      paragraphs: [
        `You keep ${sold} until ${next.day}. From then on you have ${next.plan}${next.price === '' ? ', which is free' : ` for ${next.price}`}. Nothing is charged before.`,
        'If you change your mind, you can keep your current plan until that day.',
      ],
    }),
    plan_change_dropped: ({ plan, droppedPlan, droppedBecause }): Text => ({
      subject: `Your change to ${droppedPlan} does not take effect`,
      paragraphs: [
        `Your ${plan} subscription continues. Before you canceled it, a change to ${droppedPlan} was scheduled. That change does not take effect, because ${droppedBecause === 'time_passed' ? 'its day has passed' : `${droppedPlan} is no longer offered on those terms`}.`,
        'You can choose another plan at any time.',
      ],
    }),
    cancellation_scheduled: ({ plan, next }): Text => ({
      subject: `Your ${plan} subscription will end`,
      paragraphs: [
        `Your cancellation is confirmed. You can use ${plan} until ${next.day}, and it is not renewed.`,
        'If you change your mind, you can keep your subscription until that day.',
      ],
      manage: 'Keep my subscription',
    }),
    subscription_paused: ({ plan, resumesAt }): Text => ({
      subject: `Your ${plan} subscription is paused`,
      paragraphs: [
        `${plan} is paused and nothing is charged. ${resumesAt === '' ? 'You can resume it at any time.' : `It resumes on ${resumesAt}, or earlier if you like.`}`,
      ],
    }),
    subscription_resumed: ({ plan, periodEnd }): Text => ({
      subject: `Your ${plan} subscription is active again`,
      paragraphs: [`${plan} is resumed. The current period ends on ${periodEnd}.`],
    }),
    subscription_canceled: ({ plan }): Text => ({
      subject: `Your ${plan} subscription has ended`,
      paragraphs: [
        `${plan} has ended and it will not be renewed. You can subscribe again at any time.`,
      ],
      manage: 'Subscribe again',
    }),
    quota_threshold: ({ plan, feature, threshold, usedAmount, quotaLimit, resetsAt }): Text => ({
      subject: `You have used ${threshold}% of ${feature}`,
      paragraphs: [
        `You have used ${usedAmount} of ${quotaLimit} in your ${plan} plan.${resetsAt === '' ? '' : ` Your usage resets on ${resetsAt}.`}`,
      ],
    }),
  },
}
