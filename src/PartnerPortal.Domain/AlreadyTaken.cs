namespace PartnerPortal.Domain;

/// <summary>The name is in use; the sentence says by what.</summary>
public sealed class AlreadyTaken(string field, string sentence) : RuleBroken(sentence)
{
    /// <summary>The field that holds the taken name, spelled as in the API.</summary>
    public string Field { get; } = field;
}
