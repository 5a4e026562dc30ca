using System.Text;
using PartnerPortal.Domain.Contacts;

namespace PartnerPortal.UnitTests.Contacts;

public sealed class VCardTests
{
    [Fact]
    public void A_contact_becomes_a_card_of_version_four()
    {
        var contact = ContactTests.Enter(new("Åsa; the first", "partner", Role: "on call", Phone: "+46812345678", Email: "a@example.com",
            TimeZone: "Europe/Stockholm", Hours: "mon-fri 09:00-17:00", Language: "sv", Notes: "id 4711, ask\nfor C:\\x"));
        Assert.Equal(
            $"""
            BEGIN:VCARD
            VERSION:4.0
            UID:urn:uuid:{contact.Id}
            KIND:individual
            FN:Åsa\; the first
            ORG:Tunes\, Ltd
            ROLE:on call
            TEL;VALUE=uri;TYPE="voice,work":tel:+46812345678
            EMAIL;TYPE=work:a@example.com
            TZ:Europe/Stockholm
            NOTE:id 4711\, ask\nfor C:\\x\nHours: mon-fri 09:00-17:00\nLanguage: sv
            END:VCARD

            """.ReplaceLineEndings("\r\n"),
            Unfolded(VCard.Write([contact], "Tunes, Ltd")));
    }

    [Fact]
    public void Long_lines_are_folded_at_75_octets_and_never_inside_a_character()
    {
        var notes = string.Concat(Enumerable.Repeat("Ångström 😀 日本 ", 20)).Trim();
        var text = VCard.Write([ContactTests.Enter(new("Desk", "ours", "desk", Notes: notes))], "Tunes");
        Assert.All(text.Split("\r\n"), line => Assert.True(Encoding.UTF8.GetByteCount(line) <= 75, line));
        Assert.DoesNotContain('\uFFFD', text);
        Assert.Contains("NOTE:" + notes, Unfolded(text), StringComparison.Ordinal);
        Assert.Contains("KIND:org", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Nobody_can_smuggle_a_line_into_a_card()
    {
        var text = VCard.Write([ContactTests.Enter(new("Eve", "partner", Notes: "x\r\nTEL:+1\rEND:VCARD"))], "T\nTEL:+2");
        Assert.Equal(2, text.Split("\r\n").Count(l => l is "BEGIN:VCARD" or "END:VCARD"));
        Assert.DoesNotContain(text.Split("\r\n"), l => l.StartsWith("TEL", StringComparison.Ordinal));
    }

    private static string Unfolded(string text) => text.Replace("\r\n ", "", StringComparison.Ordinal);
}
