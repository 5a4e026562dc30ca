using PartnerPortal.Domain;
using PartnerPortal.Domain.Access;

namespace PartnerPortal.Web.Access;

/// <summary>The company's identity provider (Portal__OpenIdConnect__Authority, __ClientId, __ClientSecret, __GroupClaim, __Groups__ROLE).</summary>
public sealed class PortalOpenIdOptions
{
    /// <summary>Address of the provider; empty switches this way of signing in off.</summary>
    public string? Authority { get; set; }

    /// <summary>How the provider knows the portal.</summary>
    public string? ClientId { get; set; }

    /// <summary>The portal's secret at the provider.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>What the button says.</summary>
    public string Name { get; set; } = "OpenID Connect";

    /// <summary>The claim that lists a person's groups.</summary>
    public string GroupClaim { get; set; } = "groups";

    /// <summary>Groups by role, comma separated: Groups__manager = "leads, heads".</summary>
    public Dictionary<string, string> Groups { get; set; } = [];

    /// <summary>Whether people can sign in this way.</summary>
    public bool Configured => !string.IsNullOrWhiteSpace(Authority);

    /// <summary>The mapping; refuses a role that does not exist.</summary>
    /// <exception cref="InvalidOperationException">A setting is missing or names an unknown role.</exception>
    public GroupRoles Check()
    {
        if (Configured && string.IsNullOrWhiteSpace(ClientId))
        {
            throw new InvalidOperationException("Portal__OpenIdConnect__Authority is set, but Portal__OpenIdConnect__ClientId is not.");
        }

        Dictionary<string, Role> roles = new(StringComparer.Ordinal);
        foreach (var (word, groups) in Groups)
        {
            if (!Words.TryParse<Role>(word, out var role) || role == Role.Guest)
            {
                throw new InvalidOperationException($"Portal__OpenIdConnect__Groups__{word} names no role. Use viewer, engineer, operator, manager or administrator.");
            }

            foreach (var group in groups.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                roles[group] = roles.TryGetValue(group, out var other) && other > role ? other : role;
            }
        }

        return new(roles);
    }
}
