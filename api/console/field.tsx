import type { Child } from 'hono/jsx'

type FieldProps = {
  readonly id: string
  readonly label: string
  /** Shown below the field. */
  readonly hint?: Child
  readonly name?: string
  readonly type?: string
  readonly value?: string | undefined
  readonly required?: boolean
  readonly placeholder?: string
  readonly maxlength?: number
  readonly min?: string
  readonly max?: string
  readonly inputmode?: 'decimal' | 'numeric'
  readonly autofocus?: boolean
  /** The mistake in the value that was sent. */
  readonly error?: string | undefined
}

/** A text field with its label. */
export const Field = ({
  id,
  label,
  hint,
  name = id,
  type = 'text',
  error,
  ...rest
}: FieldProps) => (
  <div>
    <label for={id}>{label}</label>
    <input
      id={id}
      name={name}
      type={type}
      autocomplete="off"
      {...describedBy(id, { hint, error })}
      {...rest}
    />
    <FieldError id={id} error={error} />
    {hint !== undefined && (
      <p class="hint" id={`${id}-hint`}>
        {hint}
      </p>
    )}
  </div>
)

/** Connects a field with its hint and with its mistake, for screen readers. */
function describedBy(id: string, { hint, error }: Pick<FieldProps, 'hint' | 'error'>) {
  const ids = [error && `${id}-error`, hint !== undefined && `${id}-hint`].filter(Boolean)
  return {
    ...(ids.length > 0 && { 'aria-describedby': ids.join(' ') }),
    ...(error !== undefined && { 'aria-invalid': 'true' as const }),
  }
}

/** The mistake in a field, beside it. */
export const FieldError = ({ id, error }: Pick<FieldProps, 'id' | 'error'>) =>
  error === undefined ? (
    <></>
  ) : (
    <p class="field-error" id={`${id}-error`}>
      {error}
    </p>
  )

type SelectProps = {
  readonly id: string
  readonly label: string
  readonly name?: string
  readonly options: readonly { readonly value: string; readonly text: string }[]
  readonly selected?: string | undefined
  /** The mistake in the value that was sent. */
  readonly error?: string | undefined
}

/** A choice of one among several, with its label. */
export const Select = ({ id, label, name = id, options, selected, error }: SelectProps) => (
  <div>
    <label for={id}>{label}</label>
    <select id={id} name={name} {...describedBy(id, { error })}>
      {options.map(({ value, text }) => (
        <option value={value} selected={value === selected}>
          {text}
        </option>
      ))}
    </select>
    <FieldError id={id} error={error} />
  </div>
)

type FoldProps = { readonly title: string; readonly children: Child; readonly open?: boolean }

/** A part of a page that opens on request. */
export const Fold = ({ title, children, open = false }: FoldProps) => (
  <details open={open}>
    <summary>{title}</summary>
    {children}
  </details>
)
