namespace PartnerPortal.Domain;

/// <summary>One or more fields cannot be accepted; each has a sentence that says what to do.</summary>
public sealed class FieldsRefused(IReadOnlyDictionary<string, string[]> errors)
    : Exception(string.Join(' ', errors.SelectMany(e => e.Value)))
{
    /// <summary>A refusal of a single field.</summary>
    public FieldsRefused(string field, string sentence)
        : this(new Dictionary<string, string[]> { [field] = [sentence] })
    {
    }

    /// <summary>Sentences by field; fields are spelled as in the API (<c>name</c>, <c>links[0].url</c>).</summary>
    public IReadOnlyDictionary<string, string[]> Errors { get; } = errors;
}
