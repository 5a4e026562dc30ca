using PartnerPortal.Domain.Audit;
using PartnerPortal.TimeSeries.PromQl;

namespace PartnerPortal.Domain.Metrics;

/// <summary>What a person wants a pair to be, as a whole.</summary>
/// <param name="Title">The operation, for example "Purchases".</param>
/// <param name="Ours">The selector of our counters, for example <c>calls_total{operation="buy"}</c>.</param>
/// <param name="Theirs">The selector of theirs.</param>
/// <param name="OurTests">Those of ours that count test traffic, which is taken away.</param>
/// <param name="TheirTests">Those of theirs that count test traffic.</param>
/// <param name="Slug">Its name in addresses and in the label <c>pair</c>; null derives one from the title.</param>
public sealed record CounterPairDraft(string? Title = null, string? Ours = null, string? Theirs = null, string? OurTests = null, string? TheirTests = null, string? Slug = null);

/// <summary>Counters of both sides that count the same calls: whatever is missing on one side was lost, or is somebody else's.</summary>
public sealed class CounterPair : IAudited
{
    /// <summary>Most pairs of one integration.</summary>
    public const int MostPerIntegration = 50;

    private const int Longest = 2000;

    private CounterPair()
    {
    }

    /// <summary>Id, sortable by time of entry.</summary>
    public Guid Id { get; private init; }

    /// <summary>The partner.</summary>
    public Guid PartnerId { get; private init; }

    /// <summary>The integration.</summary>
    public Guid IntegrationId { get; private init; }

    /// <summary>Its name in addresses and in the label <c>pair</c>.</summary>
    public string Slug { get; private init; } = "";

    /// <summary>The operation.</summary>
    public string Title { get; private set; } = "";

    /// <summary>Selector of our counters.</summary>
    public string Ours { get; private set; } = "";

    /// <summary>Selector of theirs.</summary>
    public string Theirs { get; private set; } = "";

    /// <summary>Selector of ours that count test traffic.</summary>
    public string? OurTests { get; private set; }

    /// <summary>Selector of theirs that count test traffic.</summary>
    public string? TheirTests { get; private set; }

    /// <summary>Changes with every save.</summary>
    public uint Version { get; private init; }

    AuditSubject IAudited.AuditedAs => new("pair", Id, Title, PartnerId);

    /// <summary>Pairs counters.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    public static CounterPair Enter(Guid partnerId, Guid integrationId, CounterPairDraft draft, DateTimeOffset at)
    {
        var check = new FieldCheck();
        var pair = new CounterPair { Id = Guid.CreateVersion7(at), PartnerId = partnerId, IntegrationId = integrationId, Slug = Partners.Slug.Check(check, draft.Slug, draft.Title ?? "", "pair") };
        pair.Apply(draft, check);
        return pair;
    }

    /// <summary>Makes it what the draft says, as a whole; the slug stays.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    public void Change(CounterPairDraft draft) => Apply(draft, new FieldCheck());

    private void Apply(CounterPairDraft draft, FieldCheck check)
    {
        var title = check.Needed("title", draft.Title, "the operation, for example Purchases", 120);
        var (ours, theirs) = (Counter(check, "ours", draft.Ours), Counter(check, "theirs", draft.Theirs));
        var ourTests = string.IsNullOrWhiteSpace(draft.OurTests) ? null : Counter(check, "ourTests", draft.OurTests);
        var theirTests = string.IsNullOrWhiteSpace(draft.TheirTests) ? null : Counter(check, "theirTests", draft.TheirTests);
        check.ThrowIfRefused();
        (Title, Ours, Theirs, OurTests, TheirTests) = (title, ours, theirs, ourTests, theirTests);
    }

    private static string Counter(FieldCheck check, string field, string? text)
    {
        var selector = check.Needed(field, text, "a counter with its labels, for example calls_total{operation=\"buy\"}", Longest);
        if (selector.Length == 0)
        {
            return "";
        }

        try
        {
            if (Expression.Parse(selector).Bare is not SelectorExpression { Shift: var shift } || shift != TimeShift.None)
            {
                check.Refuse(field, "Only a counter with its labels can stand here, for example calls_total{operation=\"buy\"}.");
            }
        }
        catch (ExpressionRefused refused)
        {
            check.Refuse(field, refused.Message);
        }

        return selector;
    }
}
