-- ---- sites: how one becomes one, and what it may be

CREATE OR REPLACE FUNCTION vsys.site_refused(what text, site text, detail jsonb, hint text DEFAULT NULL)
RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RAISE EXCEPTION '%', what
		USING ERRCODE = 'OB045',
			DETAIL = (jsonb_build_object('site', site) || detail)::text,
			HINT = coalesce(hint, 'The steps are: applied, authorised, registered, open, paused, closed.');
END
$$;
COMMENT ON FUNCTION vsys.site_refused(text, text, jsonb, text) IS 'Refuses what a site may not be: OB045, the DETAIL is a JSON object.';

CREATE OR REPLACE FUNCTION vsys.site_changed()
RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	before text := CASE TG_OP WHEN 'UPDATE' THEN OLD.state END;
	official boolean;
	itself boolean;
	association boolean;
BEGIN
	-- loading lists, repairing
	IF pg_has_role(current_user, 'outbreak_owner', 'USAGE') THEN
		RETURN NEW;
	END IF;
	official := pg_has_role(current_user, 'outbreak_ministry', 'USAGE')
		OR coalesce(pg_has_role(current_user, 'outbreak_prefecture', 'USAGE') AND outbreak.prefecture(NEW.site) = outbreak.my_prefecture(), false);
	itself := pg_has_role(current_user, 'outbreak_institution', 'USAGE') AND NEW.site OPERATOR(outbreak.=) ANY (outbreak.my_institutions())
		OR coalesce(pg_has_role(current_user, 'outbreak_municipality', 'USAGE') AND NEW.municipality OPERATOR(outbreak.=) outbreak.my_municipality(), false);
	association := coalesce(pg_has_role(current_user, 'outbreak_institution', 'USAGE') AND NEW.association = outbreak.my_organisation(), false);
	IF TG_OP = 'UPDATE' THEN
		-- Its association confirms who it is, and changes nothing else. (Generated columns are not filled in yet.)
		IF association AND NOT itself AND to_jsonb(NEW) - '{state,prefecture}'::text[] <> to_jsonb(OLD) - '{state,prefecture}'::text[]
			OR OLD.site OPERATOR(outbreak.<>) NEW.site THEN
			RAISE EXCEPTION 'this is not yours to change of site %', OLD.site
				USING ERRCODE = 'insufficient_privilege';
		END IF;
		-- who confirms is not chosen anew once it is confirmed
		IF NEW.association IS DISTINCT FROM OLD.association AND OLD.state <> ALL ('{applied,closed}'::text[]) AND NOT official THEN
			PERFORM vsys.site_refused('the association of a confirmed site stays', NEW.site::text, jsonb_build_object('state', OLD.state));
		END IF;
		IF NEW.state = OLD.state THEN
			RETURN NEW;
		END IF;
	END IF;
	IF coalesce(before, 'none') || ' ' || NEW.state <> ALL ('{none applied,closed applied,applied authorised,authorised registered,registered open,open paused,paused open,
		applied closed,authorised closed,registered closed,open closed,paused closed}'::text[]) THEN
		PERFORM vsys.site_refused(format('a site does not go from %s to %s', coalesce(before, 'nothing'), NEW.state), NEW.site::text,
			jsonb_build_object('from', before, 'to', NEW.state));
	END IF;
	IF NOT (official OR CASE NEW.state WHEN 'authorised' THEN association ELSE itself END) THEN
		RAISE EXCEPTION 'it is not yours to make site % %', NEW.site, NEW.state
			USING ERRCODE = 'insufficient_privilege',
				HINT = CASE NEW.state WHEN 'authorised' THEN 'Its medical association confirms its power of attorney, or the prefecture.'
					ELSE 'The site itself does, its municipality or its prefecture.' END;
	END IF;
	IF NEW.state = 'open' AND NOT EXISTS (SELECT FROM vsys.site_product p WHERE p.site OPERATOR(outbreak.=) NEW.site) THEN
		PERFORM vsys.site_refused('a site without a vaccine does not open', NEW.site::text, '{}', 'vsys.register_site() takes the products.');
	END IF;
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION vsys.site_changed() IS
'Trigger of sites: the steps of onboarding in their order, and who takes which. The site itself (or its municipality) applies, registers, opens, pauses and closes; its medical association confirms (authorised), so that nobody becomes a site by saying so; prefecture and ministry may take every step. Administrators pass. OB045 for a step that there is not; 42501 for one that is another''s.';

CREATE OR REPLACE FUNCTION vsys.sites_fit()
RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	bad record;
BEGIN
	-- whom they belong to, and who belongs to them
	SELECT n.site, b.site AS basic, b.kind INTO bad
	FROM new_row n
	JOIN vsys.site b ON b.site OPERATOR(outbreak.=) n.basic_site
	WHERE b.kind <> 'basic'
	LIMIT 1;
	IF found THEN
		PERFORM vsys.site_refused(format('site %s belongs to site %s, which is no basic site', bad.site, bad.basic), bad.site::text,
			jsonb_build_object('basic_site', bad.basic::text, 'kind', bad.kind), 'Name a site of the basic type.');
	END IF;
	IF TG_OP = 'UPDATE' THEN
		SELECT n.site, (SELECT count(*) FROM vsys.site s WHERE s.basic_site OPERATOR(outbreak.=) n.site) AS others INTO bad
		FROM new_row n
		WHERE n.kind <> 'basic'
			AND EXISTS (SELECT FROM vsys.site s WHERE s.basic_site OPERATOR(outbreak.=) n.site)
		LIMIT 1;
		IF found THEN
			PERFORM vsys.site_refused(format('site %s is the basic site of %s others', bad.site, bad.others), bad.site::text,
				jsonb_build_object('belong_to_it', bad.others), 'Give them another basic site first.');
		END IF;
		PERFORM vsys.refuse_products(array(SELECT n.site FROM new_row n JOIN old_row o ON o.site OPERATOR(outbreak.=) n.site
			WHERE (n.kind, n.basic_site::text) IS DISTINCT FROM (o.kind, o.basic_site::text)));
		-- their stock goes along to another municipality
		UPDATE vsys.holding h SET municipality = n.municipality
		FROM new_row n
		WHERE h.site OPERATOR(outbreak.=) n.site AND h.municipality OPERATOR(outbreak.<>) n.municipality;
		UPDATE vsys.stock_day d SET municipality = n.municipality
		FROM new_row n JOIN old_row o ON o.site OPERATOR(outbreak.=) n.site AND o.municipality OPERATOR(outbreak.<>) n.municipality
		WHERE d.site OPERATOR(outbreak.=) n.site;
		UPDATE vsys.storage_batch b SET municipality = n.municipality
		FROM new_row n JOIN old_row o ON o.site OPERATOR(outbreak.=) n.site AND o.municipality OPERATOR(outbreak.<>) n.municipality
		WHERE b.site OPERATOR(outbreak.=) n.site;
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION vsys.sites_fit() IS
'Trigger of sites, once for a statement: a linked or satellite site belongs to a basic one that has its vaccines; a basic site to which others belong stays one; a site that changes its municipality takes its stock along. OB045. Runs as the owner: the other sites need not be the caller''s.';

CREATE OR REPLACE FUNCTION vsys.refuse_products(sites outbreak.institution_code[])
RETURNS void
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	bad record;
BEGIN
	SELECT s.site, s.basic_site, p.product, v.own_basic INTO bad
	FROM vsys.site s
	JOIN vsys.site_product p ON p.site OPERATOR(outbreak.=) s.site
	JOIN vsys.product v ON v.product = p.product
	LEFT JOIN vsys.site_product b ON b.site OPERATOR(outbreak.=) s.basic_site
		AND b.product = p.product
	WHERE s.site OPERATOR(outbreak.=) ANY (sites)
		AND s.kind <> 'basic'
		AND (v.own_basic OR b.site IS NULL)
	LIMIT 1;
	IF found THEN
		PERFORM vsys.site_refused(
			CASE WHEN bad.own_basic THEN format('%s goes to basic sites alone, and site %s is none', bad.product, bad.site)
				ELSE format('site %s has %s, but its basic site does not', bad.site, bad.product) END,
			bad.site::text, jsonb_build_object('product', bad.product, 'basic_site', bad.basic_site::text),
			'A linked or satellite site gets its vaccine from its basic site.');
	END IF;
END
$$;
COMMENT ON FUNCTION vsys.refuse_products(outbreak.institution_code[]) IS 'OB045 if one of these sites has a vaccine that its basic site does not have, or that goes to basic sites alone (AstraZeneca: every site is its own basic site).';

CREATE OR REPLACE FUNCTION vsys.site_products_fit()
RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF TG_OP = 'INSERT' THEN
		PERFORM vsys.refuse_products(array(SELECT DISTINCT n.site FROM new_row n JOIN vsys.site s ON s.site OPERATOR(outbreak.=) n.site WHERE s.kind <> 'basic'));
	ELSE
		PERFORM vsys.refuse_products(array(SELECT s.site FROM old_row o JOIN vsys.site s ON s.basic_site OPERATOR(outbreak.=) o.site
			JOIN vsys.site_product p ON p.site OPERATOR(outbreak.=) s.site AND p.product = o.product));
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION vsys.site_products_fit() IS 'Trigger of the vaccines of sites, once for a statement: see vsys.refuse_products. Runs as the owner: the basic site need not be the caller''s.';

CREATE OR REPLACE FUNCTION vsys.site_state(site outbreak.institution_code, state text)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	now_is text;
BEGIN
	UPDATE vsys.site s
	SET state = site_state.state
	WHERE s.site OPERATOR(outbreak.=) site_state.site
	RETURNING s.state INTO now_is;
	IF NOT found THEN
		RAISE EXCEPTION 'there is no such site, or it is not yours'
			USING ERRCODE = 'no_data_found';
	END IF;
	RETURN now_is;
END
$$;
COMMENT ON FUNCTION vsys.site_state(outbreak.institution_code, text) IS 'Takes a site a step further (see vsys.site.state) and returns its state; the same state again is nothing. P0002 when the caller may change no such site, OB045 and 42501 as vsys.site_changed().';

CREATE OR REPLACE FUNCTION vsys.apply_site(site outbreak.institution_code, municipality outbreak.municipality_code, kind text DEFAULT 'basic',
	basic_site outbreak.institution_code DEFAULT NULL, association bigint DEFAULT NULL)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	INSERT INTO vsys.site (site, municipality, kind, basic_site, association, state)
	VALUES (apply_site.site, apply_site.municipality, apply_site.kind, apply_site.basic_site, apply_site.association, 'applied');
	RETURN 'applied';
END
$$;
COMMENT ON FUNCTION vsys.apply_site(outbreak.institution_code, outbreak.municipality_code, text, outbreak.institution_code, bigint) IS
'施設の登録申請 / an institution makes its power of attorney (集合契約の委任状) and applies to become a site, through the association that is to confirm it. Care homes and mass sites without an insurers'' number have a ten-digit code of the same look from the registry (outbreak.provisional_institution_code). 23505 when it is one already, 23503 when institution, municipality or association is not known, 23514 for a kind without or with a basic site that it may not have.';

CREATE OR REPLACE FUNCTION vsys.authorise_site(site outbreak.institution_code)
RETURNS text
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT vsys.site_state(site, 'authorised');
END;
COMMENT ON FUNCTION vsys.authorise_site(outbreak.institution_code) IS '委任の確認 / the medical association (or the prefecture) confirms that the institution is who it says; accounts are issued then (access.issue_accounts).';

CREATE OR REPLACE FUNCTION vsys.register_site(site outbreak.institution_code, products text[], public boolean DEFAULT false, reservation text DEFAULT 'none',
	reservation_url text DEFAULT NULL, reservation_phone text DEFAULT NULL, notes text DEFAULT NULL)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	now_is text;
BEGIN
	UPDATE vsys.site s
	SET state = CASE s.state WHEN 'authorised' THEN 'registered' ELSE s.state END,
		public = register_site.public,
		reservation = register_site.reservation,
		reservation_url = register_site.reservation_url,
		reservation_phone = register_site.reservation_phone,
		notes = register_site.notes
	WHERE s.site OPERATOR(outbreak.=) register_site.site
	RETURNING s.state INTO now_is;
	IF NOT found THEN
		RAISE EXCEPTION 'there is no such site, or it is not yours'
			USING ERRCODE = 'no_data_found';
	ELSIF now_is = ANY ('{applied,closed}'::text[]) THEN
		PERFORM vsys.site_refused(format('a site that is %s is not registered', now_is), register_site.site::text, jsonb_build_object('state', now_is),
			'Its association has to confirm it first.');
	END IF;
	INSERT INTO vsys.site_product (site, product)
	SELECT register_site.site, p.product
	FROM unnest(products) AS p (product)
	ON CONFLICT DO NOTHING;
	RETURN now_is;
END
$$;
COMMENT ON FUNCTION vsys.register_site(outbreak.institution_code, text[], boolean, text, text, text, text) IS
'初期登録 / the initial registration of a confirmed site: the vaccines that it has, whether the public sees it, how one reserves. Later it corrects the same. Returns its state. OB045 before it is confirmed; 23503 for a vaccine that is not known.';

CREATE OR REPLACE FUNCTION vsys.open_site(site outbreak.institution_code)
RETURNS text
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT vsys.site_state(site, 'open');
END;
COMMENT ON FUNCTION vsys.open_site(outbreak.institution_code) IS '稼働 / a registered or paused site works. OB045 while it has no vaccine.';
CREATE OR REPLACE FUNCTION vsys.pause_site(site outbreak.institution_code)
RETURNS text
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT vsys.site_state(site, 'paused');
END;
COMMENT ON FUNCTION vsys.pause_site(outbreak.institution_code) IS '休止 / an open site stops for a while.';
CREATE OR REPLACE FUNCTION vsys.close_site(site outbreak.institution_code)
RETURNS text
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT vsys.site_state(site, 'closed');
END;
COMMENT ON FUNCTION vsys.close_site(outbreak.institution_code) IS '終了・取下げ / a site ends, or withdraws its application. Its ledger stays; it may apply again.';

CREATE OR REPLACE FUNCTION vsys.change_site_kind(site outbreak.institution_code, kind text, basic_site outbreak.institution_code DEFAULT NULL)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	UPDATE vsys.site s
	SET kind = change_site_kind.kind,
		basic_site = change_site_kind.basic_site
	WHERE s.site OPERATOR(outbreak.=) change_site_kind.site;
	IF NOT found THEN
		RAISE EXCEPTION 'there is no such site, or it is not yours'
			USING ERRCODE = 'no_data_found';
	END IF;
END
$$;
COMMENT ON FUNCTION vsys.change_site_kind(outbreak.institution_code, text, outbreak.institution_code) IS
'施設種別の変更 / makes a site basic, linked or satellite. OB045 when others belong to it, when the basic site is none or does not have its vaccines; 23514 for a basic site with a basic site, or another without.';

CREATE OR REPLACE FUNCTION vsys.change_sites(sites text[], state text)
RETURNS TABLE (line integer, site text, done boolean, problem text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	FOR line, site IN
		SELECT u.line, btrim(u.site)
		FROM unnest(sites) WITH ORDINALITY AS u (site, line)
		ORDER BY u.line
	LOOP
		problem := coalesce(CASE WHEN site IS NULL OR site = '' THEN 'the code is missing' END, registry.code_fault('institution', site));
		done := problem IS NULL;
		IF done THEN
			BEGIN
				PERFORM vsys.site_state(site::outbreak.institution_code, change_sites.state);
			EXCEPTION WHEN no_data_found OR insufficient_privilege OR check_violation OR SQLSTATE 'OB045' THEN
				done := false;
				problem := SQLERRM;
			END;
		END IF;
		RETURN NEXT;
	END LOOP;
END
$$;
COMMENT ON FUNCTION vsys.change_sites(text[], text) IS
'施設の一括変更 / takes many sites a step (or withdraws them: closed) by a list of their codes: one row a line, with what stood in the way. What is possible is done, the rest is listed.';
