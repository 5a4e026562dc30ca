using System.Text.Json.Serialization;

namespace PartnerPortal.Domain.Actions;

/// <summary>Where an action came from.</summary>
/// <param name="Kind">What made it.</param>
/// <param name="Reference">Id or key of the cause within its kind; null for what a person wrote down.</param>
/// <param name="Title">What the cause is called.</param>
/// <param name="Url">Its page within the portal.</param>
public sealed record ActionSource(ActionCause Kind, string? Reference = null, string? Title = null, string? Url = null)
{
    /// <summary>A person wrote it down.</summary>
    public static ActionSource Person { get; } = new(ActionCause.Person);

    /// <summary>The same cause has the same key, whoever finds it: kind and reference. Null when nothing could find it twice.</summary>
    [JsonIgnore]
    public string? Key => Reference is null ? null : $"{Words.Of(Kind)}:{Reference}";
}

/// <summary>What makes an action.</summary>
public enum ActionCause
{
    /// <summary>Somebody wrote it down.</summary>
    Person,

    /// <summary>A condition of a conditional go.</summary>
    Condition,

    /// <summary>Both sides' figures of a target do not fit.</summary>
    Mismatch,

    /// <summary>An answer gets too old to be relied on.</summary>
    Freshness,

    /// <summary>A no-go that must be closed properly.</summary>
    NoGo,

    /// <summary>A waiver that ends.</summary>
    Waiver,

    /// <summary>Something promised in a message or a meeting.</summary>
    FollowUp,

    /// <summary>What an incident left to do.</summary>
    Incident,

    /// <summary>A document, key or certificate that ends.</summary>
    Expiry,
}

/// <summary>How an action stands.</summary>
public enum ActionState
{
    /// <summary>Somebody owes it.</summary>
    Open,

    /// <summary>Done, with evidence.</summary>
    Done,

    /// <summary>Nobody needs to do it any more; the reason stands with it.</summary>
    Dropped,
}
