namespace PartnerPortal.Domain.Access;

/// <summary>What an API token may be used for. It never allows more than its owner's role.</summary>
public enum Scope
{
    /// <summary>Read what the owner may read.</summary>
    Read,

    /// <summary>Enter and change things: partners, contacts, sources, reviews, policies, stages.</summary>
    Write,

    /// <summary>Acknowledge, escalate and resolve incidents, run runbooks.</summary>
    Respond,

    /// <summary>People, tokens and configuration.</summary>
    Administer,
}

/// <summary>Which rights a scope covers.</summary>
public static class Scopes
{
    /// <summary>The scope that a right falls under; null for what every token may do.</summary>
    public static Scope? Of(Right right) => right switch
    {
        Right.SignedIn => null,
        Right.Read => Scope.Read,
        Right.Respond => Scope.Respond,
        Right.Administer => Scope.Administer,
        _ => Scope.Write,
    };

    /// <summary>Whether these scopes cover the right.</summary>
    public static bool Cover(IReadOnlyList<Scope> scopes, Right right) => Of(right) is not { } scope || scopes.Contains(scope);
}
