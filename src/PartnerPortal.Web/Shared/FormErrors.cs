namespace PartnerPortal.Web.Shared;

/// <summary>The sentences that a form's fields show, by field, spelled as in the API. Given to fields as a cascading value.</summary>
public sealed record FormErrors(IReadOnlyDictionary<string, string[]> ByField)
{
    /// <summary>No field was refused.</summary>
    public static FormErrors None { get; } = new(new Dictionary<string, string[]>());

    /// <summary>The sentence for a field; null when it is fine.</summary>
    public string? For(string field) => ByField.TryGetValue(field, out var sentences) ? string.Join(' ', sentences) : null;
}
