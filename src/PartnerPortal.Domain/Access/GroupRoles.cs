namespace PartnerPortal.Domain.Access;

/// <summary>Which role the groups of an identity provider give. The highest one wins.</summary>
/// <param name="roleOfGroup">Role by group name, compared exactly.</param>
public sealed class GroupRoles(IReadOnlyDictionary<string, Role> roleOfGroup)
{
    /// <summary>Whether groups decide at all. When not, people who come for the first time become viewers and keep the role they are given here.</summary>
    public bool Decide => roleOfGroup.Count > 0;

    /// <summary>The role for somebody in these groups; null when none of the groups may come in.</summary>
    public Role? For(IEnumerable<string> groups)
    {
        Role? highest = Decide ? null : Role.Viewer;
        foreach (var group in groups)
        {
            if (roleOfGroup.TryGetValue(group, out var role) && (highest is null || role > highest))
            {
                highest = role;
            }
        }

        return highest;
    }
}
