import { USUAL_PORTS, type StackContext } from './context.ts'
import type { Stack } from './stack.ts'

/** The text that is printed when the stack is up: what runs where, and three next steps to paste. */
export function banner(context: StackContext, stack: Stack, seconds: number): string {
  const { environment, ports } = context
  const { apiUrl, temporal, stripe, mail } = stack
  const rows = [
    ['Console', `${apiUrl}/console`, 'sign in with bk_dev_operator'],
    ['API', `${apiUrl}/docs`, 'the key of an application is bk_dev_app'],
    ['Pricing page', `${apiUrl}/pricing`, ''],
    stripe.apiBase === undefined
      ? ['Stripe', 'https://dashboard.stripe.com/test', 'real Stripe, test mode']
      : ['Stripe', `http://localhost:${ports.simulator}`, 'a simulator'],
    ['Mail inbox', mail.pageUrl, ''],
    temporal.uiUrl === undefined ? undefined : ['Temporal UI', temporal.uiUrl, ''],
  ].filter((row) => row !== undefined)
  const table = rows.map(([name = '', value = '', note = '']) =>
    `  ${name.padEnd(14)}${value}${note === '' ? '' : `  (${note})`}`.trimEnd(),
  )
  const simulatorUrl = stripe.apiBase && `http://localhost:${ports.simulator}`
  const paragraphs = [
    [`Perennial is up after ${seconds.toFixed(1)} s.`],
    table,
    movedPorts(context, stack),
    ...nextSteps(apiUrl, simulatorUrl),
    [
      `Ctrl-C stops everything; the data stays in ${environment.PERENNIAL_STATE}. Logs: ${environment.PERENNIAL_STATE}/logs`,
    ],
  ]
  return paragraphs
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')
}

/** Commands that work when pasted, in this order. Only the simulator can fast-forward time. */
const nextSteps = (apiUrl: string, simulatorUrl: string | undefined): string[][] => [
  ['1. Buy a plan, pay for it and use it:', ...purchase(apiUrl, simulatorUrl)],
  ['2. Open the account page of this customer:', 'npm run account -- ada'],
  simulatorUrl === undefined
    ? ['3. Compare the plans with a file of your own:', 'npm run catalogue -- plan catalogue.yaml']
    : [
        '3. Let a month pass, with its renewal, its new quota and its e-mail:',
        'npm run advance -- 1 month',
      ],
]

/** Four commands that work when pasted one after the other. */
function purchase(apiUrl: string, simulatorUrl: string | undefined): string[] {
  const billing = `${apiUrl}/api/v1/billing`
  const as = `-H 'Authorization: Bearer bk_dev_app' -H 'X-User-Id: ada'`
  const json = `-H 'Content-Type: application/json'`
  return [
    `curl -X POST ${billing}/subscriptions/checkout ${as} ${json} -d '{"plan_id": "plan_pro_monthly"}'`,
    simulatorUrl === undefined
      ? '# open the checkout_url in a browser and pay with 4242 4242 4242 4242'
      : // The webhook, the workflow and the database take a moment; pasting all four lines together needs this wait.
        `curl -X POST ${simulatorUrl}/c/pay/latest -d card=4242424242424242 -d email=ada@example.com; sleep 2`,
    `curl -X POST ${billing}/usage/consume ${as} ${json} -d '{"feature": "messages_sent", "amount": 1}'`,
    `curl ${billing}/usage ${as}`,
  ]
}

/** The port of a part that runs elsewhere is irrelevant. */
function movedPorts({ ports, environment }: StackContext, stack: Stack): string[] {
  const ownDatabase = environment.DATABASE_URL === undefined
  const ownTemporal = stack.temporal.uiUrl !== undefined
  const simulated = stack.stripe.apiBase !== undefined
  const rows = [
    { name: 'The API', usual: environment.PORT, chosen: ports.api, ours: true },
    { name: 'Mail', usual: USUAL_PORTS.mail, chosen: ports.mail, ours: true },
    { name: 'SMTP', usual: USUAL_PORTS.smtp, chosen: ports.smtp, ours: true },
    { name: 'Postgres', usual: USUAL_PORTS.postgres, chosen: ports.postgres, ours: ownDatabase },
    { name: 'Temporal', usual: USUAL_PORTS.temporal, chosen: ports.temporal, ours: ownTemporal },
    {
      name: 'The Temporal UI',
      usual: USUAL_PORTS.temporalUi,
      chosen: ports.temporalUi,
      ours: ownTemporal,
    },
    {
      name: 'The simulator',
      usual: USUAL_PORTS.simulator,
      chosen: ports.simulator,
      ours: simulated,
    },
  ]
  return rows
    .filter(({ usual, chosen, ours }) => ours && chosen !== usual)
    .map(({ name, usual, chosen }) => `${name} is on port ${chosen}, because ${usual} is taken.`)
}
