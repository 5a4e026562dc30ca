using PartnerPortal.Domain.Audit;

namespace PartnerPortal.Domain.Incidents;

/// <summary>
/// While one alert fires, others open no incident: the data centre is away, so nobody is paged for each service in it. The meaning is Alertmanager's
/// (https://prometheus.io/docs/alerting/latest/configuration/#inhibit_rule): conditions on both, labels that must be equal, and an alert that is both
/// never holds back itself. Recording, joining and resolving go on as ever.
/// </summary>
public sealed class Inhibition : IAudited
{
    private Inhibition()
    {
    }

    /// <summary>Id, sortable by time of creation.</summary>
    public Guid Id { get; private init; }

    /// <summary>Conditions on the alert that holds others back.</summary>
    public IReadOnlyList<string> Source { get; private init; } = [];

    /// <summary>Conditions on the alerts that are held back.</summary>
    public IReadOnlyList<string> Target { get; private init; } = [];

    /// <summary>Labels that must be the same in both; one that is missing in both is the same.</summary>
    public IReadOnlyList<string> Equal { get; private init; } = [];

    /// <summary>Why.</summary>
    public string Comment { get; private init; } = "";

    /// <summary>Who entered it.</summary>
    public string CreatedBy { get; private init; } = "";

    /// <summary>When it was entered.</summary>
    public DateTimeOffset CreatedAt { get; private init; }

    AuditSubject IAudited.AuditedAs => new("inhibition", Id, Comment.Length > 0 ? Comment : string.Join(", ", Target), null);

    /// <summary>Enters an inhibition.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    public static Inhibition Enter(InhibitionDraft draft, string by, DateTimeOffset at)
    {
        var check = new FieldCheck();
        var (source, target) = (AlertMatch.Check(check, "source", draft.Source), AlertMatch.Check(check, "target", draft.Target));
        if (source.Count == 0)
        {
            check.Refuse("source", "Say which alert holds others back, like alertname=\"DatacentreDown\".");
        }

        if (target.Count == 0)
        {
            check.Refuse("target", "Say which alerts are held back, like severity!=\"critical\".");
        }

        List<string> equal = [.. (draft.Equal ?? []).Select(l => l.Trim()).Where(l => l.Length is > 0 and <= 200).Distinct().Take(20)];
        var comment = check.Text("comment", draft.Comment, 500);
        check.ThrowIfRefused();
        return new() { Id = Guid.CreateVersion7(at), Source = source, Target = target, Equal = equal, Comment = comment, CreatedBy = by, CreatedAt = at };
    }

    /// <summary>The alert that holds another one back; null when none does.</summary>
    /// <param name="alert">The alert that would open an incident.</param>
    /// <param name="firing">What fires.</param>
    public FiringAlert? HeldBy(FiringAlert alert, IEnumerable<FiringAlert> firing)
    {
        if (!AlertMatch.All(Target, alert.Labels))
        {
            return null;
        }

        var both = AlertMatch.All(Source, alert.Labels);
        return firing.FirstOrDefault(source => source.Id != alert.Id && AlertMatch.All(Source, source.Labels) && !(both && AlertMatch.All(Target, source.Labels))
            && Equal.All(l => source.Labels.GetValueOrDefault(l, "") == alert.Labels.GetValueOrDefault(l, "")));
    }
}

/// <summary>An alert that fires, with the labels that conditions see.</summary>
public sealed record FiringAlert(Guid Id, string Title, IReadOnlyDictionary<string, string> Labels)
{
    /// <summary>An alert of a partner's integration.</summary>
    public static FiringAlert Of(Alert alert, string partner, string integration) => new(alert.Id, alert.Title, AlertMatch.Labels(alert, partner, integration));
}

/// <summary>An inhibition as it was typed.</summary>
/// <param name="Source">Conditions on the alert that holds others back.</param>
/// <param name="Target">Conditions on the alerts that are held back.</param>
/// <param name="Equal">Labels that must be the same in both.</param>
/// <param name="Comment">Why; at most 500 characters.</param>
public sealed record InhibitionDraft(IReadOnlyList<string>? Source = null, IReadOnlyList<string>? Target = null, IReadOnlyList<string>? Equal = null, string? Comment = null);
