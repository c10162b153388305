import { API_KEY_NAME_MAX_CHARACTERS, SCOPES, type Scope } from '../../domain/operator/api-key.ts'
import { Field } from './field.tsx'

const MEANING: Record<Scope, string> = {
  app: 'Application: acts for every user',
  operator: 'Operator: this console, prices, keys and refunds',
  read: 'Read only: sees the data of every user',
}

/** The fields of a new API key. */
export const KeyForm = () => (
  <>
    <Field
      id="name"
      label="Name"
      hint="For example the application and where it runs."
      maxlength={API_KEY_NAME_MAX_CHARACTERS}
      required
    />
    <fieldset>
      <legend>May be used as</legend>
      {SCOPES.map((scope) => (
        <label class="choice">
          <input type="checkbox" name={`scope_${scope}`} value="yes" checked={scope === 'app'} />
          {MEANING[scope]}
        </label>
      ))}
    </fieldset>
    <Field
      id="expires_at"
      type="datetime-local"
      label="Expires (UTC)"
      hint="Leave empty for no expiry."
    />
    <div>
      <button class="primary">Create key</button>
    </div>
  </>
)
