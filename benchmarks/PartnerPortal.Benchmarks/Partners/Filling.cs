using System.Diagnostics;
using System.Globalization;
using PartnerPortal.Benchmarks.Running;

namespace PartnerPortal.Benchmarks.Partners;

/// <summary>Brings the portal to the size that is promised: 10,000 partners, 30,000 contacts. What is there already stays.</summary>
internal static class Filling
{
    private const int AtOnce = 4;
    private static readonly TimeSpan LongestForContacts = TimeSpan.FromMinutes(1);

    public static async Task PartnersAsync(PortalClient portal, CancellationToken cancel)
    {
        var start = Stopwatch.GetTimestamp();
        // An import happens as a whole or not at all: where the last one is, all are.
        if ((await portal.GetJsonAsync($"/api/v1/partners?q={MadeUpPartners.Slug(MadeUpPartners.Count - 1)}", cancel)).GetProperty("items").GetArrayLength() > 0)
        {
            Console.WriteLine($"partners: {MadeUpPartners.Count} were there");
            return;
        }

        var answer = await portal.PostAsync("/api/v1/partners/import", MadeUpPartners.Csv(), "text/csv", cancel);
        int Number(string name) => answer.GetProperty(name).GetInt32();
        if (Number("refused") > 0)
        {
            var first = answer.GetProperty("rows").EnumerateArray().First(r => r.GetProperty("errors").EnumerateObject().Any());
            throw new CannotRun($"The import refused {Number("refused")} lines; the first: {first}");
        }

        Write(start, $"partners: {Number("new")} entered, {Number("changed") + Number("same")} were there");
    }

    /// <summary>Contacts have no import, so each is a request; after a minute it is left at what was reached, and the next run goes on there.</summary>
    public static async Task ContactsAsync(PortalClient portal, CancellationToken cancel)
    {
        var start = Stopwatch.GetTimestamp();
        var first = await FirstWithoutAllAsync(portal, cancel);
        var next = first - 1;
        var entered = 0;
        async Task WorkAsync()
        {
            while (Stopwatch.GetElapsedTime(start) < LongestForContacts && Interlocked.Increment(ref next) is var partner && partner < MadeUpPartners.Count)
            {
                for (var i = await CountAsync(portal, partner, cancel); i < MadeUpPartners.ContactsEach; i++)
                {
                    await portal.PostAsync($"/api/v1/partners/{MadeUpPartners.Slug(partner)}/contacts", MadeUpPartners.Contact(partner, i), "application/json", cancel);
                    Interlocked.Increment(ref entered);
                }
            }
        }

        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => WorkAsync()));
        var done = Math.Min(next + 1, MadeUpPartners.Count);
        var wanted = MadeUpPartners.Count * MadeUpPartners.ContactsEach;
        var note = done < MadeUpPartners.Count ? string.Create(CultureInfo.InvariantCulture, $" of {wanted} (a minute was over; run it again for more)") : "";
        Write(start, $"contacts: {entered} entered, {done * MadeUpPartners.ContactsEach} there{note}");
    }

    // Partners get their contacts in order, so the end of those that have them is found by halving. A partner that a worker of an
    // interrupted run left unfinished lies at most so many places before it.
    private static async Task<int> FirstWithoutAllAsync(PortalClient portal, CancellationToken cancel)
    {
        var (low, high) = (0, MadeUpPartners.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (await CountAsync(portal, middle, cancel) >= MadeUpPartners.ContactsEach)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low == MadeUpPartners.Count ? low : Math.Max(0, low - AtOnce);
    }

    private static async Task<int> CountAsync(PortalClient portal, int partner, CancellationToken cancel) =>
        (await portal.GetJsonAsync($"/api/v1/partners/{MadeUpPartners.Slug(partner)}/contacts", cancel)).GetProperty("items").GetArrayLength();

    private static void Write(long start, string text) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{text}; {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s"));
}
