using PartnerPortal.Web.Shared;

namespace PartnerPortal.ComponentTests.Shared;

public sealed class SearchFieldTests : BunitContext
{
    [Fact]
    public void Only_the_last_of_several_quick_keys_asks()
    {
        List<string> asked = [];
        var field = Render<SearchField>(p => p.Add(f => f.Label, "Search partners").Add(f => f.OnSearch, asked.Add));
        foreach (var text in new[] { "t", "tu", "tun" })
        {
            field.Find("input").InputAsync(text);
        }

        field.WaitForAssertion(() => Assert.Equal(["tun"], asked));
    }

    [Fact]
    public void A_list_that_comes_late_does_not_overwrite_what_was_typed_since()
    {
        List<string> asked = [];
        var field = Render<SearchField>(p => p.Add(f => f.Label, "Search partners").Add(f => f.OnSearch, asked.Add));
        field.Find("input").InputAsync("tu");
        field.WaitForAssertion(() => Assert.Equal(["tu"], asked));
        field.Find("input").InputAsync("tunes");
        field.Render(p => p.Add(f => f.Value, "tu"));
        Assert.Equal("tunes", field.Find("input").GetAttribute("value"));
        field.WaitForAssertion(() => Assert.Equal(["tu", "tunes"], asked));
    }

    [Fact]
    public void The_address_decides_when_somebody_else_changed_it()
    {
        var field = Render<SearchField>(p => p.Add(f => f.Label, "Search partners").Add(f => f.Value, "tunes"));
        Assert.Equal("tunes", field.Find("input").GetAttribute("value"));
        field.Render(p => p.Add(f => f.Value, null));
        Assert.Equal("", field.Find("input").GetAttribute("value") ?? "");
    }
}
