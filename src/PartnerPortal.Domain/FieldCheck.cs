using System.Net.Mail;

namespace PartnerPortal.Domain;

/// <summary>Collects what is wrong with the fields of one form or request, then refuses them together.</summary>
public sealed class FieldCheck
{
    private readonly Dictionary<string, List<string>> _errors = [];

    /// <summary>True while nothing was refused.</summary>
    public bool Good => _errors.Count == 0;

    /// <summary>Refuses a field with a sentence.</summary>
    public void Refuse(string field, string sentence)
    {
        if (!_errors.TryGetValue(field, out var sentences))
        {
            _errors[field] = sentences = [];
        }

        sentences.Add(sentence);
    }

    /// <summary>A needed text: trimmed, neither empty nor longer than <paramref name="most"/> characters.</summary>
    public string Needed(string field, string? value, string what, int most = 200)
    {
        var text = Text(field, value, most);
        if (text.Length == 0)
        {
            Refuse(field, $"Enter {what}.");
        }

        return text;
    }

    /// <summary>An optional text: trimmed, empty when absent, at most <paramref name="most"/> characters, no control characters.</summary>
    public string Text(string field, string? value, int most = 2000)
    {
        var text = value?.Trim() ?? "";
        if (text.Length > most)
        {
            Refuse(field, $"This is {text.Length} characters long; at most {most} fit. Shorten it.");
        }

        if (text.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')))
        {
            Refuse(field, "This holds characters that cannot be shown. Type it again instead of pasting it.");
        }

        return text;
    }

    /// <summary>An optional mail address; null when absent.</summary>
    public string? Mail(string field, string? value)
    {
        var text = Text(field, value, 254);
        if (text.Length == 0)
        {
            return null;
        }

        if (!MailAddress.TryCreate(text, out var address) || address.Address != text || !address.Host.Contains('.', StringComparison.Ordinal))
        {
            Refuse(field, $"“{text}” is not a mail address. Write it like ana@example.com.");
        }

        return text;
    }

    /// <summary>An optional web address (http or https); null when absent.</summary>
    public string? WebAddress(string field, string? value)
    {
        var text = Text(field, value, 2000);
        if (text.Length == 0)
        {
            return null;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0)
        {
            Refuse(field, $"“{Shorten(text)}” is not a web address. Start it with https://.");
        }

        return text;
    }

    /// <summary>A word out of an enumeration, as <see cref="Words"/> spells it; <paramref name="otherwise"/> when absent.</summary>
    public T Word<T>(string field, string? value, T otherwise)
        where T : struct, Enum
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            return otherwise;
        }

        if (Words.TryParse<T>(value, out var word))
        {
            return word;
        }

        Refuse(field, $"“{Shorten(value)}” is not known here. Choose one of: {string.Join(", ", Words.All<T>())}.");
        return otherwise;
    }

    /// <summary>Throws <see cref="FieldsRefused"/> if anything was refused.</summary>
    public void ThrowIfRefused()
    {
        if (!Good)
        {
            throw new FieldsRefused(_errors.ToDictionary(e => e.Key, e => e.Value.ToArray()));
        }
    }

    private static string Shorten(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
