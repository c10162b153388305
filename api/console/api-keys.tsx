import { Hono, type Context } from 'hono'
import { z } from 'zod'
import { SCOPES, type ApiKey } from '../../domain/operator/api-key.ts'
import { readForm, type Form } from '../web/form.ts'
import { CallFields, Card } from '../web/parts.tsx'
import type { PageSetting } from '../web/setting.ts'
import { KeyForm } from './api-key-form.tsx'
import { KeyTable } from './api-key-table.tsx'
import { Fold } from './field.tsx'
import { instantOf, numberOf } from '../web/form-values.ts'
import { consolePage } from './layout.tsx'
import { isConfirmed, NOT_CONFIRMED } from './operator-actions.ts'
import { perform, type Call } from './perform.ts'
import { OutcomeAlert, type Outcome } from './queue.tsx'
import { Secret } from './secret.tsx'
import type { ConsoleEnvironment } from './session.ts'

const PATH = '/console/api-keys'
/** As many as the API lists. */
const KEYS_MAX = 100

const shownOnce = z.object({ name: z.string(), key: z.string() })
type Shown = z.infer<typeof shownOnce>

type KeyOutcome = Outcome & { readonly shown?: Shown }

/** The API keys. The key itself is part of only one page: the answer to the form that created it. */
export const apiKeysPage = (setting: PageSetting) => {
  async function show(c: Context<ConsoleEnvironment>, outcome: KeyOutcome) {
    const operator = c.get('operator')
    const keys = await setting.repositories.apiKeys.list(KEYS_MAX)
    return c.html(
      consolePage({
        title: 'API keys',
        path: PATH,
        assets: setting.assets,
        operator,
        children: (
          <KeysPage
            keys={keys}
            now={setting.clock.now()}
            own={operator.keyId}
            csrf={operator.csrf}
            outcome={outcome}
          />
        ),
      }),
      outcome.problem === undefined ? 200 : 409,
    )
  }

  /** Shows the key that the call has created. */
  async function showNew(c: Context<ConsoleEnvironment>, form: Form, call: Call) {
    const answer = await perform(c, setting, call, { form })
    return show(
      c,
      answer.ok ? { shown: shownOnce.parse(answer.body) } : { problem: answer.problem },
    )
  }

  return new Hono<ConsoleEnvironment>()
    .get(PATH, (c) =>
      show(c, { done: c.req.query('done') === undefined ? undefined : 'The key is revoked.' }),
    )
    .post(PATH, async (c) => {
      const form = await readForm(c)
      return showNew(c, form, { method: 'POST', path: '/admin/api-keys', body: newKeyFrom(form) })
    })
    .post(`${PATH}/:id/rotate`, async (c) => {
      const form = await readForm(c)
      const overlap_seconds = numberOf(form['overlap'])
      const path = `/admin/api-keys/${encodeURIComponent(c.req.param('id'))}/rotation`
      return showNew(c, form, { method: 'POST', path, body: { overlap_seconds } })
    })
    .post(`${PATH}/:id/revoke`, async (c) => {
      const form = await readForm(c)
      if (!isConfirmed(form)) return show(c, { problem: NOT_CONFIRMED })
      const path = `/admin/api-keys/${encodeURIComponent(c.req.param('id'))}`
      const answer = await perform(c, setting, { method: 'DELETE', path }, { form })
      return answer.ok
        ? c.redirect(`${PATH}?done=revoked`, 303)
        : show(c, { problem: answer.problem })
    })
}

const newKeyFrom = (form: Form) => ({
  name: form['name'],
  scopes: SCOPES.filter((scope) => form[`scope_${scope}`] !== undefined),
  expires_at: instantOf(form['expires_at']) ?? null,
})

type PageProps = {
  readonly keys: readonly ApiKey[]
  readonly now: Date
  /** The id of the key that signed in. */
  readonly own: string
  readonly csrf: string
  readonly outcome: KeyOutcome
}

const KeysPage = ({ keys, now, own, csrf, outcome }: PageProps) => {
  const { shown } = outcome
  return (
    <>
      <div class="head">
        <div>
          <h1>API keys</h1>
          <p>Applications and operators sign their requests with a key.</p>
        </div>
      </div>
      <OutcomeAlert {...outcome} />
      {shown !== undefined && <Secret name={`The key of ${shown.name}`} value={shown.key} />}
      <Card title="Keys" id="keys" aside={<p>Newest first, times in UTC</p>}>
        <KeyTable keys={keys} now={now} own={own} csrf={csrf} />
      </Card>
      <Card title="New key" id="new">
        <Fold title="Create a key" open={keys.length === 0}>
          <form method="post" action={PATH} class="fields form-width">
            <CallFields token={csrf} />
            <KeyForm />
          </form>
        </Fold>
      </Card>
    </>
  )
}
