using PartnerPortal.Domain.Audit;

namespace PartnerPortal.Domain.Access;

/// <summary>Lets a program act as a person, within scopes, until a date. The secret itself is shown once and never stored.</summary>
public sealed class ApiToken : IAudited
{
    private ApiToken()
    {
    }

    /// <summary>Id, sortable by time.</summary>
    public Guid Id { get; private init; }

    /// <summary>The person it acts as.</summary>
    public Guid OwnerId { get; private init; }

    /// <summary>What it is for.</summary>
    public string Name { get; private init; } = "";

    /// <summary>SHA-256 of the secret.</summary>
    [Secret]
    public byte[] Hash { get; private init; } = [];

    /// <summary>The first characters, to recognise it by.</summary>
    public string Hint { get; private init; } = "";

    /// <summary>What it may be used for.</summary>
    public IReadOnlyList<Scope> Scopes { get; private init; } = [];

    /// <summary>The one partner it is bound to; null for all.</summary>
    public Guid? PartnerId { get; private init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; private init; }

    /// <summary>When it stops working; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; private init; }

    /// <summary>The last use, to the minute.</summary>
    [NotAudited]
    public DateTimeOffset? LastUsedAt { get; private set; }

    /// <summary>When it was revoked.</summary>
    public DateTimeOffset? RevokedAt { get; private set; }

    AuditSubject IAudited.AuditedAs => new("token", Id, Name, PartnerId);

    /// <summary>Makes a token for a secret that the caller shows once.</summary>
    /// <exception cref="FieldsRefused">A field cannot be accepted.</exception>
    /// <exception cref="RuleBroken">The maker is a token that holds fewer scopes.</exception>
    public static ApiToken Issue(TokenDraft draft, string secret, Guid ownerId, Guid? partnerId, Actor by, DateTimeOffset at)
    {
        var check = new FieldCheck();
        var name = check.Needed("name", draft.Name, "what the token is for, for example nightly build", 120);
        var scopes = CheckScopes(check, draft.Scopes);
        if (draft.ExpiresAt <= at)
        {
            check.Refuse("expiresAt", "This moment has passed. Choose a later one.");
        }

        if (partnerId is not null && scopes.Contains(Scope.Administer))
        {
            check.Refuse("scopes", "A token for one partner cannot administer the portal. Leave out the scope administer, or the partner.");
        }

        if (!AccessSecret.Fits(secret, AccessSecret.TokenPrefix))
        {
            check.Refuse("secret", $"A token begins with {AccessSecret.TokenPrefix} and goes on with at least {AccessSecret.Shortest} letters, digits, hyphens or underscores.");
        }

        check.ThrowIfRefused();
        if (by.Scopes is { } own && scopes.Except(own).ToList() is [var wider, ..])
        {
            throw new RuleBroken($"A token cannot make another one that may do more. It lacks the scope {Words.Of(wider)}.");
        }

        return new()
        {
            Id = Guid.CreateVersion7(at),
            OwnerId = ownerId,
            Name = name,
            Hash = AccessSecret.Hash(secret),
            Hint = AccessSecret.Hint(secret),
            Scopes = scopes,
            PartnerId = partnerId,
            CreatedAt = at,
            ExpiresAt = draft.ExpiresAt,
        };
    }

    /// <summary>Whether it works at this moment.</summary>
    public bool Works(DateTimeOffset at) => RevokedAt is null && (ExpiresAt is null || at < ExpiresAt);

    /// <summary>Stops it for good.</summary>
    public void Revoke(DateTimeOffset at) => RevokedAt ??= at;

    private static List<Scope> CheckScopes(FieldCheck check, IReadOnlyList<string>? scopes)
    {
        if (scopes is null || scopes.Count == 0)
        {
            check.Refuse("scopes", $"Choose at least one scope: {string.Join(", ", Words.All<Scope>())}.");
            return [];
        }

        return [.. scopes.Select(s => check.Word("scopes", s, Scope.Read)).Distinct().Order()];
    }
}

/// <summary>What somebody wants a token to be.</summary>
/// <param name="Name">What it is for.</param>
/// <param name="Scopes">read, write, respond, administer.</param>
/// <param name="ExpiresAt">When it stops working; null for never.</param>
/// <param name="Partner">Slug of the one partner it is for; null for all.</param>
/// <param name="Owner">Mail address of the person it acts as; null for its maker.</param>
public sealed record TokenDraft(string? Name, IReadOnlyList<string>? Scopes, DateTimeOffset? ExpiresAt = null, string? Partner = null, string? Owner = null);
