namespace PartnerPortal.Domain.Runbooks;

/// <summary>A runbook as it was saved once. Versions are only added.</summary>
public sealed class RunbookVersion
{
    private RunbookVersion()
    {
    }

    internal RunbookVersion(Guid runbookId, int number, string title, string text, string? note, string by, DateTimeOffset at) =>
        (RunbookId, Number, Title, Text, Note, By, At) = (runbookId, number, title, text, note, by, at);

    /// <summary>The runbook it belongs to.</summary>
    public Guid RunbookId { get; private init; }

    /// <summary>From 1, without gaps.</summary>
    public int Number { get; private init; }

    /// <summary>The title at that time.</summary>
    public string Title { get; private init; } = "";

    /// <summary>The Markdown at that time.</summary>
    public string Text { get; private init; } = "";

    /// <summary>What changed, in a sentence; null when nobody said.</summary>
    public string? Note { get; private init; }

    /// <summary>Who saved it.</summary>
    public string By { get; private init; } = "";

    /// <summary>When.</summary>
    public DateTimeOffset At { get; private init; }
}
