using System.Globalization;
using System.Text;
using System.Text.Json;

namespace PartnerPortal.Benchmarks.Partners;

/// <summary>Partners and their contacts that nobody has, the same ones every time.</summary>
internal static class MadeUpPartners
{
    public const int Count = 10_000;
    public const int ContactsEach = 3;

    private const int Seed = 20_260_101;
    private static readonly string[] Firsts = ["Northwind", "Blue Harbour", "Sunset", "Årsta", "Müller", "Kestrel", "Paper Lantern", "Café Zürich", "Granite", "Velvet", "Orchid", "Tall Pine", "Copper", "Silver Fox", "Amber", "Quiet River"];
    private static readonly string[] Trades = ["Music", "Payments", "Messaging", "Maps", "Lyrics", "Identity", "Video", "Tickets", "Translation", "Logistics"];
    private static readonly string[] Forms = ["AB", "GmbH", "Ltd", "Inc", "S.A.", "Oy"];
    private static readonly string[] Tiers = ["strategic", "standard", "self service"];
    private static readonly string[] Stages = ["prospect", "contracted", "integrating", "live", "live", "live"];
    private static readonly string[] Owners = ["ana@example.com", "bo@example.com", "chidi@example.com", "dai@example.com"];
    private static readonly string[] Given = ["Åsa", "Jürgen", "Chloé", "Priya", "Tomás", "Wei", "Fatima", "Olu", "Ingrid", "Mateusz"];
    private static readonly string[] Family = ["Lindqvist", "Schneider", "Dubois", "Raman", "Herrera", "Zhang", "Haddad", "Adeyemi", "Nygård", "Kowalski", "O'Brien", "Tanaka"];
    private static readonly string[] Roles = ["on call", "account manager", "support desk", "engineering lead"];

    public static string Slug(int partner) => string.Create(CultureInfo.InvariantCulture, $"bench-{partner:00000}");

    /// <summary>All of them as the portal's import takes them.</summary>
    public static string Csv()
    {
        var chance = new Chance(Seed);
        var csv = new StringBuilder("slug,name,summary,owner,tier,stage,tags\n");
        for (var i = 0; i < Count; i++)
        {
            var trade = chance.Of(Trades);
            csv.Append(CultureInfo.InvariantCulture,
                $"{Slug(i)},{chance.Of(Firsts)} {trade} {chance.Of(Forms)} {i:00000},{trade} for our apps in region {chance.Below(40)},{chance.Of(Owners)},{chance.Of(Tiers)},{chance.Of(Stages)},{Lower(trade)};region-{chance.Below(40)}\n");
        }

        return csv.ToString();
    }

    /// <summary>One contact of one partner as the body of a request.</summary>
    public static string Contact(int partner, int contact)
    {
        var chance = new Chance(Seed + (partner * ContactsEach) + contact);
        var (given, family) = (chance.Of(Given), chance.Of(Family));
        return JsonSerializer.Serialize(new
        {
            side = "partner",
            name = $"{given} {family}",
            role = chance.Of(Roles),
            phone = string.Create(CultureInfo.InvariantCulture, $"+468{1_000_000 + (partner * ContactsEach) + contact}"),
            email = string.Create(CultureInfo.InvariantCulture, $"contact{contact}@{Slug(partner)}.example.com"),
            timeZone = "Europe/Stockholm",
        });
    }

    private static string Lower(string word) => word.ToLowerInvariant();
}
