namespace PartnerPortal.Domain.Access;

/// <summary>The actor has no right to do this. The sentence says who could.</summary>
public sealed class NotAllowed(Actor by, Right right) : Exception(Sentence(by, right))
{
    /// <summary>What was missing.</summary>
    public Right Right { get; } = right;

    private static string Sentence(Actor by, Right right)
    {
        if (by.Scopes is not null && Rights.Has(by.Role, right))
        {
            return $"This token's scopes do not cover “{Words.Of(right)}”. Use one with the scope {Words.Of(Scopes.Of(right) ?? Scope.Read)}.";
        }

        var able = Enum.GetValues<Role>().Where(r => Rights.Has(r, right)).Select(Words.Of).ToList();
        return $"The role {Words.Of(by.Role)} may not do this. Ask somebody with the role {string.Join(" or ", able)}.";
    }
}
