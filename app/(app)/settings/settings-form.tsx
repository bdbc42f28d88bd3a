"use client";

import { Field } from "@/app/_ui/field";
import { FormNotice } from "@/app/_ui/form-notice";
import { Input } from "@/app/_ui/input";
import { Select } from "@/app/_ui/select";
import { SubmitButton } from "@/app/_ui/submit-button";
import { useToasts } from "@/app/_ui/toasts";
import { useForm } from "@/app/_ui/use-form";
import { showTheme } from "@/app/_ui/theme";
import { PERSON_NAME_MAX } from "@/lib/db/limits";
import { saveSettings } from "@/lib/settings/actions";
import type { Settings } from "@/lib/settings/input";

type SettingsFormProps = { email: string; settings: Settings; timeZones: readonly string[] };

const themes = { system: "As the device", light: "Light", dark: "Dark" };
const weekStarts = { 1: "Monday", 6: "Saturday", 7: "Sunday" };

export function SettingsForm({ email, settings, timeZones }: SettingsFormProps) {
  const toasts = useToasts();
  const { form, state, errors, typed } = useForm(saveSettings, {
    onSuccess(saved) {
      showTheme(saved.preferences.theme ?? "system");
      toasts.show({ text: "Settings saved" });
    },
  });
  return (
    <form {...form} className="grid max-w-form gap-5">
      <FormNotice state={state} />
      <Field label="Name" error={errors.name}>
        {(control) => (
          <Input
            {...control}
            name="name"
            autoComplete="name"
            required
            maxLength={PERSON_NAME_MAX}
            defaultValue={typed("name") ?? settings.name}
          />
        )}
      </Field>
      <Field label="Email" hint="You sign in with it.">
        {(control) => <Input {...control} value={email} readOnly />}
      </Field>
      <Field
        label="Time zone"
        error={errors.timeZone}
        hint="What “today” and “overdue” mean for you depends on it."
      >
        {(control) => (
          <Select {...control} name="timeZone" defaultValue={typed("timeZone") ?? settings.timeZone}>
            {timeZones.map((zone) => (
              <option key={zone} value={zone}>
                {zone.replaceAll("_", " ")}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Choice
        label="Week starts on"
        name="weekStart"
        options={weekStarts}
        error={errors.weekStart}
        value={typed("weekStart") ?? String(settings.weekStart)}
      />
      <Choice
        label="Theme"
        name="theme"
        options={themes}
        error={errors.theme}
        value={typed("theme") ?? settings.theme}
      />
      <div>
        <SubmitButton>Save settings</SubmitButton>
      </div>
    </form>
  );
}

type ChoiceProps = {
  label: string;
  name: string;
  options: Record<string, string>;
  error: readonly string[] | undefined;
  value: string;
};

function Choice({ label, name, options, value, ...field }: ChoiceProps) {
  return (
    <Field label={label} {...field}>
      {(control) => (
        <Select {...control} name={name} defaultValue={value}>
          {Object.entries(options).map(([key, text]) => (
            <option key={key} value={key}>
              {text}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
