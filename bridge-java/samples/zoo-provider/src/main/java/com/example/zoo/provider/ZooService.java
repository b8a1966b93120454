package com.example.zoo.provider;

import com.example.zoo.ContainerFacade;
import com.example.zoo.GenericFacade;
import com.example.zoo.MoneyFacade;
import com.example.zoo.NumberFacade;
import com.example.zoo.ObjectFacade;
import com.example.zoo.OddFacade;
import com.example.zoo.OverloadFacade;
import com.example.zoo.PaintFacade;
import com.example.zoo.TextFacade;
import com.example.zoo.TimeFacade;
import io.dubboworkbench.samples.SampleService;

/** Offers one facade of the zoo to the launcher. */
public abstract class ZooService implements SampleService {
    private final Class<?> contract;

    ZooService(Class<?> contract) {
        this.contract = contract;
    }

    @Override
    public String name() {
        return "zoo";
    }

    @Override
    public Class<?> contract() {
        return contract;
    }

    @Override
    public Object implementation(String answerVariant) {
        return Echo.of(contract);
    }

    /** Numbers. */
    public static final class Numbers extends ZooService {
        public Numbers() {
            super(NumberFacade.class);
        }
    }

    /** Texts. */
    public static final class Texts extends ZooService {
        public Texts() {
            super(TextFacade.class);
        }
    }

    /** Times. */
    public static final class Times extends ZooService {
        public Times() {
            super(TimeFacade.class);
        }
    }

    /** Containers. */
    public static final class Containers extends ZooService {
        public Containers() {
            super(ContainerFacade.class);
        }
    }

    /** Objects. */
    public static final class Objects extends ZooService {
        public Objects() {
            super(ObjectFacade.class);
        }
    }

    /** Generics. */
    public static final class Generics extends ZooService {
        public Generics() {
            super(GenericFacade.class);
        }
    }

    /** Generics that only a super-interface's type arguments tell. */
    public static final class Moneys extends ZooService {
        public Moneys() {
            super(MoneyFacade.class);
        }
    }

    /** Enums that only a super-interface's type arguments tell. */
    public static final class Paints extends ZooService {
        public Paints() {
            super(PaintFacade.class);
        }
    }

    /** Types that are seldom seen. */
    public static final class Odds extends ZooService {
        public Odds() {
            super(OddFacade.class);
        }
    }

    /** Overloads. */
    public static final class Overloads extends ZooService {
        public Overloads() {
            super(OverloadFacade.class);
        }
    }
}
