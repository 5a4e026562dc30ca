using System.Text;

namespace PartnerPortal.Domain.Contacts;

/// <summary>Contacts as vCard 4.0 (RFC 6350): lines end with CRLF, are folded at 75 octets, text is escaped.</summary>
public static class VCard
{
    private const int LongestLine = 75;

    /// <summary>One or several cards, one after another.</summary>
    /// <param name="contacts">In the order in which to try them.</param>
    /// <param name="organization">The company of the contacts on the partner's side.</param>
    public static string Write(IEnumerable<Contact> contacts, string organization)
    {
        var text = new StringBuilder();
        foreach (var contact in contacts)
        {
            Write(text, contact, organization);
        }

        return text.ToString();
    }

    private static void Write(StringBuilder text, Contact contact, string organization)
    {
        Line(text, "BEGIN:VCARD");
        Line(text, "VERSION:4.0");
        Line(text, "UID:urn:uuid:" + contact.Id);
        Line(text, contact.Kind == ContactKind.Person ? "KIND:individual" : "KIND:org");
        Line(text, "FN:" + Escape(contact.Name));
        // Ours keep the partner as a category, so that an address book finds everybody of one partnership.
        Line(text, (contact.Side == Side.Partner ? "ORG:" : "CATEGORIES:") + Escape(organization));
        Optional(text, "ROLE:", contact.Role);
        Optional(text, "TEL;VALUE=uri;TYPE=\"voice,work\":tel:", contact.Phone);
        Optional(text, "EMAIL;TYPE=work:", contact.Email);
        Optional(text, "TZ:", contact.TimeZone);
        Optional(text, "NOTE:", Note(contact));
        Line(text, "END:VCARD");
    }

    // vCard has no field for hours; LANG takes language tags only, while people also write words.
    private static string Note(Contact contact)
    {
        string?[] parts =
        [
            contact.Notes,
            contact.Hours is null ? null : "Hours: " + contact.Hours,
            contact.Language.Length == 0 ? null : "Language: " + contact.Language,
        ];
        return string.Join('\n', parts.Where(p => !string.IsNullOrEmpty(p)));
    }

    private static void Optional(StringBuilder text, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            Line(text, name + (name.StartsWith("TEL", StringComparison.Ordinal) ? value : Escape(value)));
        }
    }

    private static string Escape(string value) => value
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace(",", "\\,", StringComparison.Ordinal)
        .Replace(";", "\\;", StringComparison.Ordinal)
        .Replace("\r\n", "\\n", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal)
        .Replace("\r", "\\n", StringComparison.Ordinal);

    // Folded between characters: a fold inside one would leave broken UTF-8 with readers that unfold after decoding.
    private static void Line(StringBuilder text, string line)
    {
        var octets = 0;
        foreach (var rune in line.EnumerateRunes())
        {
            if (octets + rune.Utf8SequenceLength > LongestLine)
            {
                text.Append("\r\n ");
                octets = 1;
            }

            text.Append(rune.ToString());
            octets += rune.Utf8SequenceLength;
        }

        text.Append("\r\n");
    }
}
