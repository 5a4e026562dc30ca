using PhoneNumbers;

namespace PartnerPortal.Domain.Contacts;

/// <summary>Phone numbers, kept in E.164 (ITU-T): <c>+</c>, country code, number, at most 15 digits. Checked against the numbering plans of libphonenumber.</summary>
public static class Phone
{
    private static readonly PhoneNumberUtil Plans = PhoneNumberUtil.GetInstance();

    /// <summary>The number in E.164; null when absent or refused.</summary>
    public static string? Check(FieldCheck check, string field, string? value)
    {
        var text = check.Text(field, value, 60);
        if (text.Length == 0)
        {
            return null;
        }

        if (!text.StartsWith('+') && !text.StartsWith("tel:+", StringComparison.OrdinalIgnoreCase))
        {
            check.Refuse(field, text.Any(char.IsAsciiDigit)
                ? $"“{text}” could be in any country. Start it with + and the country code, for example +46 8 123 456 78."
                : $"“{text}” is not a phone number. Write it like +46 8 123 456 78.");
            return null;
        }

        return Read(check, field, text);
    }

    /// <summary>The number as a person reads it, in groups: <c>+46 8 123 456 78</c>.</summary>
    public static string Shown(string number) =>
        TryParse(number, out var parsed) ? Plans.Format(parsed, PhoneNumberFormat.INTERNATIONAL) : number;

    /// <summary>True when the length fits but the numbering plan that the portal knows has no such number: worth a second look, since plans change.</summary>
    public static bool Doubtful(string number) => !TryParse(number, out var parsed) || !Plans.IsValidNumber(parsed);

    private static string? Read(FieldCheck check, string field, string text)
    {
        if (!TryParse(text, out var number))
        {
            check.Refuse(field, $"“{text}” is not a phone number. Write it like +46 8 123 456 78.");
            return null;
        }

        if (number.HasExtension)
        {
            check.Refuse(field, "An extension cannot be dialled from here. Keep the number that can be called and write the extension into the notes.");
            return null;
        }

        switch (Plans.IsPossibleNumberWithReason(number))
        {
            case PhoneNumberUtil.ValidationResult.IS_POSSIBLE:
                return Plans.Format(number, PhoneNumberFormat.E164);
            case PhoneNumberUtil.ValidationResult.TOO_LONG:
                check.Refuse(field, $"“{text}” has too many digits for +{number.CountryCode}. Compare it with where you have it from.");
                return null;
            case PhoneNumberUtil.ValidationResult.INVALID_COUNTRY_CODE:
                check.Refuse(field, $"No country has the code +{number.CountryCode}. Compare it with where you have it from.");
                return null;
            default:
                check.Refuse(field, $"“{text}” has too few digits for +{number.CountryCode}. Compare it with where you have it from.");
                return null;
        }
    }

    private static bool TryParse(string text, out PhoneNumber number)
    {
        try
        {
            number = Plans.Parse(text, null);
            return true;
        }
        catch (NumberParseException)
        {
            number = new PhoneNumber();
            return false;
        }
    }
}
