import type { Child } from 'hono/jsx'
import type { WebhookEndpoint } from '../../domain/webhook/repository.ts'
import { WEBHOOK_TYPES } from '../../domain/webhook/webhook.ts'
import { Badge, CallFields, Card } from '../web/parts.tsx'
import { Confirm } from './confirm.tsx'
import { Facts } from './facts.tsx'
import { Field, Fold } from './field.tsx'
import { FORMAT } from './layout.tsx'
import { Overlap } from './overlap.tsx'
import type { EndpointAction } from './webhook-actions.ts'

type Props = { readonly endpoint: WebhookEndpoint; readonly csrf: string }

/** One webhook endpoint and its actions. */
export const Endpoint = (props: Props) => {
  const { endpoint } = props
  const { id, url, description, eventTypes, state, disabledReason, failingSince } = endpoint
  return (
    <Card title={url} id={`endpoint-${id}`} aside={<State endpoint={endpoint} />}>
      <Facts
        facts={[
          ['Description', description],
          ['Events', eventTypes === null ? 'All' : `${FORMAT.number(eventTypes.length)} types`],
          ['Added', FORMAT.date(endpoint.createdAt)],
          [
            'Failing since',
            state === 'enabled' && failingSince !== null
              ? `${FORMAT.dateTime(failingSince)} UTC`
              : null,
          ],
          ['Disabled because', disabledReason],
          [
            'Deliveries',
            <a href={`/console/webhooks/deliveries?endpoint=${id}`}>Failed deliveries</a>,
          ],
        ]}
      />
      <EndpointActions {...props} />
    </Card>
  )
}

const State = ({ endpoint: { state, failingSince } }: Pick<Props, 'endpoint'>) => {
  if (state === 'disabled') return <Badge tone="warn">Disabled</Badge>
  return failingSince === null ? (
    <Badge tone="ok">Enabled</Badge>
  ) : (
    <Badge tone="bad">Failing</Badge>
  )
}

const EndpointActions = (props: Props) => {
  const { id, state } = props.endpoint
  return (
    <div class="actions">
      <Fold title="Send a test event">
        <ActionForm {...props} act="test" submit="Send test event" />
      </Fold>
      <Fold title="Rotate secret">
        <ActionForm {...props} act="rotate" submit="Rotate secret">
          <Overlap id={`overlap-${id}`} label="The old secret stays valid" />
        </ActionForm>
      </Fold>
      {state === 'disabled' ? (
        <Fold title="Enable">
          <ActionForm {...props} act="enable" submit="Enable" />
        </Fold>
      ) : (
        <Fold title="Disable">
          <ActionForm {...props} act="disable" submit="Disable" danger>
            <Field id={`reason-${id}`} name="reason" label="Reason" maxlength={500} required />
            <p class="hint">
              It receives nothing while it is disabled, and pending deliveries fail.
            </p>
          </ActionForm>
        </Fold>
      )}
      <Fold title="Delete">
        <ActionForm {...props} act="delete" submit="Delete endpoint" danger>
          <Confirm>Its deliveries are deleted too. This cannot be undone.</Confirm>
        </ActionForm>
      </Fold>
    </div>
  )
}

type FormProps = Props & {
  readonly act: EndpointAction
  readonly submit: string
  readonly danger?: boolean
  readonly children?: Child
}

const ActionForm = ({ endpoint, csrf, act, submit, danger = false, children }: FormProps) => (
  <form method="post" action={`/console/webhooks/${endpoint.id}/${act}`} class="fields form-width">
    <CallFields token={csrf} />
    {children}
    <div>
      <button class={`small-button ${danger ? 'danger' : ''}`}>{submit}</button>
    </div>
  </form>
)

/** The fields of a new endpoint. */
export const EndpointForm = () => (
  <>
    <Field
      id="url"
      type="url"
      label="Address"
      hint="Where your application receives the events, such as https://app.example.com/webhooks."
      maxlength={2_048}
      required
    />
    <Field id="description" label="Description" maxlength={200} />
    <Fold title="Only some events">
      <p class="hint">
        Without a choice the endpoint receives all of them, also those of later releases.
      </p>
      <fieldset class="choices">
        <legend class="hidden">Events</legend>
        {WEBHOOK_TYPES.map((type) => (
          <label class="choice">
            <input type="checkbox" name={`type_${type}`} value="yes" />
            {type}
          </label>
        ))}
      </fieldset>
    </Fold>
    <div>
      <button class="primary">Add endpoint</button>
    </div>
  </>
)
