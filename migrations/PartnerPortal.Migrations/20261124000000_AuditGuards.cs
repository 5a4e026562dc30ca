using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using PartnerPortal.Data.Storage;

namespace PartnerPortal.Migrations;

/// <summary>Makes the audit log append-only (chaining apart) and announces every row to listening pages. Written by hand.</summary>
[DbContext(typeof(PortalContext))]
[Migration("20261124000000_AuditGuards")]
public sealed class AuditGuards : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        CREATE FUNCTION audit.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'UPDATE' AND OLD.position IS NULL AND NEW.position IS NOT NULL
                AND (NEW.id, NEW.at, NEW.actor_id, NEW.actor_name, NEW.through, NEW.partner_id, NEW.kind, NEW.subject_id, NEW.title, NEW.action, NEW.before, NEW.after)
                    IS NOT DISTINCT FROM
                    (OLD.id, OLD.at, OLD.actor_id, OLD.actor_name, OLD.through, OLD.partner_id, OLD.kind, OLD.subject_id, OLD.title, OLD.action, OLD.before, OLD.after)
            THEN
                RETURN NEW;
            END IF;
            RAISE EXCEPTION 'the audit log only grows';
        END $$;

        CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE ON audit.entries FOR EACH ROW EXECUTE FUNCTION audit.refuse_change();
        CREATE TRIGGER never_emptied BEFORE TRUNCATE ON audit.entries FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();

        CREATE FUNCTION audit.announce() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM pg_notify('portal_changes', json_build_object('kind', NEW.kind, 'id', NEW.subject_id, 'partnerId', NEW.partner_id, 'transaction', txid_current() & 4294967295)::text);
            RETURN NULL;
        END $$;

        CREATE TRIGGER announced AFTER INSERT ON audit.entries FOR EACH ROW EXECUTE FUNCTION audit.announce();
        """);

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        DROP TRIGGER announced ON audit.entries;
        DROP TRIGGER never_emptied ON audit.entries;
        DROP TRIGGER only_grows ON audit.entries;
        DROP FUNCTION audit.announce();
        DROP FUNCTION audit.refuse_change();
        """);
}
